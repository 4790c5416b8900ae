#include "core/viewmodel/step_yaml.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Line {
    qsizetype start = 0;
    QStringView text;

    [[nodiscard]] qsizetype indent() const
    {
        qsizetype spaces = 0;
        while (spaces < text.size() && text[spaces] == u' ')
            ++spaces;
        return spaces;
    }
    [[nodiscard]] bool isEmpty() const { return text.trimmed().isEmpty(); }
    [[nodiscard]] bool begins(QChar c) const { return text.sliced(indent()).startsWith(c); }
    [[nodiscard]] qsizetype end() const { return start + text.size(); }
};

std::vector<Line> linesOf(const QString &file)
{
    std::vector<Line> lines;
    for (qsizetype start = 0; start <= file.size();) {
        qsizetype end = file.indexOf(u'\n', start);
        if (end < 0)
            end = file.size();
        lines.push_back({.start = start, .text = QStringView(file).sliced(start, end - start)});
        start = end + 1;
    }
    return lines;
}

// Plain where YAML reads it as the same text, else between quotes.
QString scalar(const QString &text)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_./][A-Za-z0-9_./ +-]*$"_s);
    static const QRegularExpression other(
        u"^(true|false|null|yes|no|on|off|~|[-+.0-9][0-9a-fA-FxXoOeE+._:-]*|\\.inf|\\.nan)$"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (plain.match(text).hasMatch() && !other.match(text).hasMatch() && text.trimmed() == text)
        return text;
    QString quoted = text;
    quoted.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\t', u"\\t"_s);
    return u'"' % quoted % u'"';
}

// A text of several lines as a block, each line indented.
QString value(const QString &text, const QString &indent)
{
    if (!text.contains(u'\n'))
        return scalar(text);
    QString block = u"|"_s;
    QString whole = text;
    while (whole.endsWith(u'\n'))
        whole.chop(1);
    // One that begins with a space needs its indentation said.
    if (whole.startsWith(u' '))
        block += u'2';
    for (const QString &line : whole.split(u'\n'))
        block += u'\n' % (line.isEmpty() ? QString() : QString(indent % u"  " % line));
    return block;
}

QString stepText(const NewStep &step, qsizetype dash)
{
    const QString before(dash, u' ');
    const QString inner = before % u"  ";
    QString text = before % u"- id: " % scalar(step.id) % u'\n';
    if (!step.needs.isEmpty())
        text += inner % u"needs: [" % step.needs.join(u", "_s) % u"]\n";
    if (!step.profile.isEmpty())
        text += inner % u"agent: " % scalar(step.profile) % u'\n';
    if (!step.foreach.isEmpty())
        text += inner % u"foreach: " % (step.foreach.startsWith(u'[') ? step.foreach : scalar(step.foreach)) %
                u'\n';
    if (!step.output.isEmpty())
        text += inner % u"output: " % scalar(step.output) % u'\n';
    return text % inner % step.kind % u": " % value(step.text, inner) % u'\n';
}

} // namespace

std::optional<TextInsert> insertStep(const QString &file, const NewStep &step)
{
    const std::vector<Line> lines = linesOf(file);
    const auto head = std::ranges::find_if(
        lines, [](const Line &line) { return line.text.startsWith(u"steps:") || line.text == u"steps :"; });
    if (head == lines.end()) {
        const QString gap = file.isEmpty() || file.endsWith(u'\n') ? QString() : u"\n"_s;
        const QString text = gap % u"steps:\n" % stepText(step, 2);
        return TextInsert{.at = file.size(), .text = text, .cursor = file.size() + gap.size() + 9};
    }
    const QStringView rest = head->text.sliced(head->text.indexOf(u':') + 1).trimmed();
    if (!rest.isEmpty() && !rest.startsWith(u'#'))
        return std::nullopt;
    // The last line that belongs to the list: indented, or a dash at the beginning.
    qsizetype dash = -1;
    const Line *last = &*head;
    for (auto line = head + 1; line != lines.end(); ++line) {
        // Deeper than the dash it may be the text of a prompt.
        const bool isComment = line->begins(u'#') && (dash < 0 || line->indent() <= dash);
        if (line->isEmpty() || isComment)
            continue;
        const bool isItem = line->begins(u'-');
        if (line->indent() == 0 && !isItem)
            break;
        if (dash < 0 && isItem)
            dash = line->indent();
        last = &*line;
    }
    dash = std::max<qsizetype>(dash, last == &*head ? 2 : 0);
    const bool isLast = last->end() == file.size(); // without an end of line
    const QString text = isLast ? QString(u'\n' % stepText(step, dash)) : stepText(step, dash);
    const qsizetype at = isLast ? file.size() : last->end() + 1;
    return TextInsert{.at = at, .text = text, .cursor = at + (isLast ? 1 : 0) + dash + 2};
}

QString newFlowText(const QString &name)
{
    return u"muster: 1\nname: %1\ndescription: What this flow does, in one line\nsteps:\n"
           "  - id: look\n    prompt: |\n      Look at this repository and say what it is for.\n"_s.arg(name);
}

} // namespace muster
