#include "core/flow/front_matter.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// The front matter keeps its place in the file: what is not YAML is left out behind it, not before it, so
// that the lines of problems are those of the file.
struct Parts {
    QByteArray frontMatter; // from the first byte of the file, with the first fence made a comment
    QByteArray body;
    std::optional<FlowProblemCode> problem;
};

Parts split(const QByteArray &text)
{
    const auto isFence = [](QByteArrayView line) {
        return line.trimmed() == "---";
    };
    const qsizetype firstEnd = text.indexOf('\n');
    if (firstEnd < 0 || !isFence(QByteArrayView(text).first(firstEnd)))
        return {.frontMatter = {}, .body = {}, .problem = FlowProblemCode::NoFrontMatter};
    for (qsizetype begin = firstEnd + 1; begin < text.size();) {
        const qsizetype end = text.indexOf('\n', begin);
        const qsizetype stop = end < 0 ? text.size() : end;
        if (isFence(QByteArrayView(text).sliced(begin, stop - begin))) {
            QByteArray front = text.first(begin);
            front.replace(0, 3, "#  ");
            return {
                .frontMatter = front, .body = end < 0 ? QByteArray() : text.sliced(end + 1), .problem = {}};
        }
        begin = stop + 1;
    }
    return {.frontMatter = {}, .body = {}, .problem = FlowProblemCode::UnclosedFrontMatter};
}

} // namespace

FrontMatterResult readFrontMatter(const QByteArray &text,
                                  const std::function<void(FileContext &, const YamlNode &)> &read)
{
    FrontMatterResult result;
    const Parts parts = split(text.startsWith("\xEF\xBB\xBF") ? text.sliced(3) : text);
    if (parts.problem) {
        result.problems.push_back(FlowProblem{
            .code = *parts.problem, .path = {}, .found = {}, .expected = {u"---"_s}, .suggestion = {}});
        return result;
    }
    const SourceText source(parts.frontMatter);
    YamlDocument document = parseYaml(source);
    if (!document.root) {
        result.problems = std::move(document.problems);
        return result;
    }
    FileContext file{.source = source, .problems = {}};
    read(file, *document.root);
    result.body = QString::fromUtf8(parts.body).trimmed();
    result.problems = std::move(file.problems);
    return result;
}

} // namespace muster
