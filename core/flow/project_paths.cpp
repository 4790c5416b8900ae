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

QStringList readDocuments(FileContext &file, const YamlNode &node, const QString &path,
                          std::vector<FlowFileUse> &files)
{
    QStringList documents;
    if (!readTexts(file, node, path))
        return documents;
    const auto take = [&](const YamlNode &name, const QString &at) {
        if (!name.isScalar() || !checkInnerPath(file, name, at))
            return;
        files.push_back(fileUse(FlowFileUse::Kind::Document, name, at));
        if (const QString clean = QDir::cleanPath(name.text); !documents.contains(clean))
            documents.append(clean);
    };
    if (node.isScalar())
        take(node, path);
    for (size_t i = 0; i < node.items.size(); ++i)
        take(node.items[i], pathTo(path, static_cast<qsizetype>(i)));
    return documents;
}

} // namespace muster
