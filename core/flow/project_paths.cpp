// Files of the project that a flow names.
#include "core/flow/flow_draft.h"

#include <QDir>

namespace muster {

using namespace Qt::StringLiterals;

bool checkInnerPath(FileContext &file, const YamlNode &node, const QString &path)
{
    const QString clean = QDir::cleanPath(node.text);
    const bool inner = !node.text.trimmed().isEmpty() && !QDir::isAbsolutePath(clean) && clean != ".."_L1 &&
                       !clean.startsWith("../"_L1) && clean != "."_L1;
    if (!inner)
        file.add(FlowProblemCode::InvalidPath, node, path, node.text);
    return inner;
}

FlowFileUse fileUse(FlowFileUse::Kind kind, const YamlNode &node, const QString &path)
{
    return {.kind = kind,
            .file = node.text,
            .path = path,
            .line = node.line,
            .column = node.column,
            .offset = node.offset};
}

namespace {

template <typename Take>
void eachPath(FileContext &file, const YamlNode &node, const QString &path, const Take &take)
{
    if (!readTexts(file, node, path))
        return;
    const auto check = [&](const YamlNode &name, const QString &at) {
        if (name.isScalar() && checkInnerPath(file, name, at))
            take(name, at, QDir::cleanPath(name.text));
    };
    if (node.isScalar())
        check(node, path);
    for (size_t i = 0; i < node.items.size(); ++i)
        check(node.items[i], pathTo(path, static_cast<qsizetype>(i)));
}

} // namespace

QStringList readInnerPaths(FileContext &file, const YamlNode &node, const QString &path)
{
    QStringList paths;
    if (node.isList() && node.items.empty())
        file.add(FlowProblemCode::EmptyValue, node, path, path.section(u'.', -1));
    eachPath(file, node, path,
             [&](const YamlNode &, const QString &, const QString &clean) { paths.append(clean); });
    paths.removeDuplicates();
    return paths;
}

QStringList readDocuments(FileContext &file, const YamlNode &node, const QString &path,
                          std::vector<FlowFileUse> &files)
{
    QStringList documents;
    eachPath(file, node, path, [&](const YamlNode &name, const QString &at, const QString &clean) {
        files.push_back(fileUse(FlowFileUse::Kind::Document, name, at));
        documents.append(clean);
    });
    documents.removeDuplicates();
    return documents;
}

} // namespace muster
