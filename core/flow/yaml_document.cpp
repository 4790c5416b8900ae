#include "core/flow/yaml_document.h"

#include <QHash>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// No character of YAML, so it stands for nothing else.
constexpr char kHiddenQuestionMark = '\x01';

// YAML 1.2 lets a plain text in { } or [ ] hold a question mark, as in { ask: Go on? }; yaml-cpp ends the
// text there. So one that cannot begin anything is hidden while it reads. Same length: places stay what they
// are.
std::string withHiddenQuestionMarks(const QByteArray &bytes)
{
    std::string text = bytes.toStdString();
    if (text.contains(kHiddenQuestionMark))
        return text;
    for (size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '?' && !std::string_view(" \t\r\n[]{},").contains(text[at - 1]))
            text[at] = kHiddenQuestionMark;
    }
    return text;
}

// Thrown within this file only, to get out of yaml-cpp's recursion.
struct LimitPassed {
    FlowProblemCode code;
    qsizetype offset;
    int most;
};

// Builds the tree from yaml-cpp's events. Its own YAML::Node is not used: it hides duplicate keys, and
// aliases in it make a small file as large as it likes.
class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(const SourceText &source)
        : m_source(source)
    {
    }
    ~TreeBuilder() override = default;
    Q_DISABLE_COPY_MOVE(TreeBuilder)

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        add(begin(mark, YamlNode::Kind::Null), anchor);
    }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override;
    void OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(begin(mark, YamlNode::Kind::List), anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(begin(mark, YamlNode::Kind::Map), anchor);
    }
    void OnMapEnd() override { close(); }

    [[nodiscard]] std::optional<YamlNode> takeRoot() { return std::exchange(m_root, std::nullopt); }

private:
    struct Open {
        YamlNode node;
        YAML::anchor_t anchor;
        std::optional<YamlNode> key; // of a map, waiting for its value
    };

    YamlNode begin(const YAML::Mark &mark, YamlNode::Kind kind);
    void open(YamlNode node, YAML::anchor_t anchor);
    void close();
    void add(YamlNode node, YAML::anchor_t anchor);
    void count(const YamlNode &node, int nodes);
    static int sizeOf(const YamlNode &node);

    const SourceText &m_source;
    std::vector<Open> m_open;
    QHash<quint64, YamlNode> m_anchors;
    std::optional<YamlNode> m_root;
    int m_nodes = 0;
};

YamlNode TreeBuilder::begin(const YAML::Mark &mark, YamlNode::Kind kind)
{
    YamlNode node;
    node.kind = kind;
    node.offset = m_source.offsetOf(mark.line, mark.column);
    std::tie(node.line, node.column) = m_source.place(node.offset);
    count(node, 1);
    return node;
}

void TreeBuilder::count(const YamlNode &node, int nodes)
{
    m_nodes += nodes;
    if (m_nodes > kMostYamlNodes)
        throw LimitPassed{FlowProblemCode::TooManyNodes, node.offset, kMostYamlNodes};
}

void TreeBuilder::open(YamlNode node, YAML::anchor_t anchor)
{
    if (m_open.size() >= static_cast<size_t>(kMostYamlLevels))
        throw LimitPassed{FlowProblemCode::TooDeep, node.offset, kMostYamlLevels};
    m_open.push_back(Open{std::move(node), anchor, std::nullopt});
}

void TreeBuilder::close()
{
    Open finished = std::move(m_open.back());
    m_open.pop_back();
    add(std::move(finished.node), finished.anchor);
}

void TreeBuilder::add(YamlNode node, YAML::anchor_t anchor)
{
    if (anchor != 0)
        m_anchors.insert(anchor, node);
    if (m_open.empty()) {
        m_root = std::move(node);
        return;
    }
    Open &parent = m_open.back();
    if (parent.node.isList()) {
        parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
        parent.key = std::move(node);
    } else {
        parent.node.members.emplace_back(std::move(*parent.key), std::move(node));
        parent.key.reset();
    }
}

int TreeBuilder::sizeOf(const YamlNode &node)
{
    int size = 1;
    for (const YamlNode &item : node.items)
        size += sizeOf(item);
    for (const auto &[key, value] : node.members)
        size += sizeOf(key) + sizeOf(value);
    return size;
}

void TreeBuilder::OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor)
{
    const YamlNode alias = begin(mark, YamlNode::Kind::Null);
    YamlNode copy = m_anchors.value(anchor, alias);
    count(alias, sizeOf(copy));
    add(std::move(copy), 0);
}

void TreeBuilder::OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                           const std::string &value)
{
    YamlNode node = begin(mark, YamlNode::Kind::Scalar);
    node.plain = tag == "?";
    node.text = QString::fromStdString(value).replace(QChar(kHiddenQuestionMark), u'?');
    add(std::move(node), anchor);
}

FlowProblem problemAt(const SourceText &source, qsizetype offset, FlowProblemCode code)
{
    const auto [line, column] = source.place(offset);
    return FlowProblem{.code = code,
                       .line = line,
                       .column = column,
                       .path = {},
                       .found = {},
                       .expected = {},
                       .suggestion = {}};
}

// Of the first character that is no UTF-8, or NUL, which no text file holds; -1 if there is none.
qsizetype firstBadByte(const QByteArray &bytes)
{
    for (qsizetype i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const qsizetype length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (lead == 0 || i + length > bytes.size() || !QByteArrayView(bytes).sliced(i, length).isValidUtf8())
            return i;
        i += length;
    }
    return -1;
}

std::optional<FlowProblem> problemInBytes(const SourceText &source)
{
    const QByteArray &bytes = source.bytes();
    if (bytes.size() > kMostYamlBytes) {
        FlowProblem problem = problemAt(source, 0, FlowProblemCode::FileTooLarge);
        problem.found = QString::number(bytes.size());
        problem.expected = {QString::number(kMostYamlBytes)};
        return problem;
    }
    const qsizetype bad = firstBadByte(bytes);
    if (bad < 0)
        return std::nullopt;
    FlowProblem problem = problemAt(source, bad, FlowProblemCode::NotUtf8);
    problem.found = QString::number(bad);
    return problem;
}

// yaml-cpp takes a tab for nothing and then complains about what follows it.
std::optional<FlowProblem> tabBefore(const SourceText &source, int errorLine)
{
    for (int line = errorLine; line >= 1; --line) {
        const QByteArray text = source.line(line);
        const auto *const end = std::ranges::find_if(text, [](char c) { return c != ' ' && c != '\t'; });
        const auto *const tab = std::find(text.begin(), end, '\t');
        if (tab != end && end != text.end())
            return problemAt(source, source.offsetOf(line - 1, static_cast<int>(tab - text.begin())),
                             FlowProblemCode::TabIndent);
    }
    return std::nullopt;
}

FlowProblem syntaxProblem(const SourceText &source, const YAML::Exception &error)
{
    const int line = std::max(error.mark.line, 0);
    if (auto tab = tabBefore(source, line + 1))
        return *tab;
    FlowProblem problem =
        problemAt(source, source.offsetOf(line, std::max(error.mark.column, 0)), FlowProblemCode::YamlSyntax);
    problem.found = QString::fromStdString(error.msg);
    return problem;
}

// What follows the document. To YAML a line that begins further left than the first one begins another
// document; to a person it is a mistake in the indentation.
FlowProblem problemAfter(const SourceText &source, qsizetype offset)
{
    if (source.bytes().first(offset).contains("\n---"))
        return problemAt(source, offset, FlowProblemCode::SeveralDocuments);
    FlowProblem problem = problemAt(source, offset, FlowProblemCode::YamlSyntax);
    problem.found = u"begins further left than the first line"_s;
    return problem;
}

YamlDocument refused(FlowProblem problem)
{
    YamlDocument document;
    document.problems.push_back(std::move(problem));
    return document;
}

} // namespace

YamlDocument parseYaml(const SourceText &source)
{
    if (auto problem = problemInBytes(source))
        return refused(std::move(*problem));
    try {
        std::istringstream stream(withHiddenQuestionMarks(source.bytes()));
        YAML::Parser parser(stream);
        TreeBuilder builder(source);
        parser.HandleNextDocument(builder);
        std::optional<YamlNode> root = builder.takeRoot();
        if (!root || root->isNull())
            return refused(problemAt(source, 0, FlowProblemCode::EmptyFile));
        TreeBuilder second(source);
        if (parser.HandleNextDocument(second)) {
            const auto extra = second.takeRoot();
            return refused(problemAfter(source, extra ? extra->offset : source.bytes().size()));
        }
        return YamlDocument{.root = std::move(root), .problems = {}};
    } catch (const LimitPassed &limit) {
        FlowProblem problem = problemAt(source, limit.offset, limit.code);
        problem.expected = {QString::number(limit.most)};
        return refused(std::move(problem));
    } catch (const YAML::Exception &error) {
        return refused(syntaxProblem(source, error));
    }
}

} // namespace muster
