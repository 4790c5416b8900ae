#include "app/demo_agent/analysis/project.h"
#include "app/demo_agent/analysis/text.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

bool isRuler(const QString &line)
{
    static const QRegularExpression ruler(uR"(^[=\-~*#^"+_`]{3,}$)"_s);
    return ruler.match(line).hasMatch();
}

// Badges, tables of links, comments, directives and lists do not say what a thing is.
bool isDecoration(const QString &paragraph)
{
    static const QRegularExpression decoration(
        uR"(^(\[!\[|!\[|<(img|p|div|h\d|a|center|br|!--|picture|table)\b|\.\. |:\w+:|\||[-*+] |\d+\. |\[[^\]]+\]:|```|https?://|<!--))"_s);
    return decoration.match(paragraph).hasMatch();
}

QString frontMatterOff(const QString &text)
{
    if (!text.startsWith("---\n"_L1))
        return text;
    const qsizetype end = text.indexOf(u"\n---"_s, 4);
    return end < 0 ? text : text.sliced(end + 4);
}

// From here on a README tells how to get and use the thing, no longer what it is.
bool isAboutUsing(const QString &heading)
{
    static const QRegularExpression about(
        uR"(\b(install\w*|requirements?|usage|getting started|quick ?start|build\w*|licen[cs]e|contents|prerequisites|set-?up|contribut\w*|support|develop\w*)\b)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return about.match(heading).hasMatch();
}

} // namespace

QString readmeTitle(const QString &text)
{
    const QStringList lines = frontMatterOff(text).split(u'\n').first(
        std::min<qsizetype>(30, frontMatterOff(text).count(u'\n') + 1));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString line = lines.at(i).trimmed();
        if (line.startsWith("# "_L1))
            return withoutMarkup(line.sliced(2)).simplified();
        if (i > 0 && isRuler(line) && line.size() >= 3 && !lines.at(i - 1).trimmed().isEmpty() &&
            !isRuler(lines.at(i - 1).trimmed()))
            return withoutMarkup(lines.at(i - 1)).simplified();
    }
    return {};
}

QString readmePurpose(const QString &text)
{
    QStringList paragraph;
    bool fenced = false;
    const auto settled = [&]() -> QString {
        const QString joined = paragraph.join(u'\n').trimmed();
        paragraph.clear();
        if (joined.isEmpty() || isDecoration(joined))
            return {};
        const QString plain = withoutMarkup(joined).simplified();
        return plain.count(u' ') >= 3 ? plain : QString();
    };
    const QStringList lines = frontMatterOff(text).left(20'000).split(u'\n');
    for (const QString &raw : lines) {
        const QString line = raw.trimmed();
        if (line.startsWith("```"_L1))
            fenced = !fenced;
        const bool heading = line.startsWith(u'#') || isRuler(line);
        if (isRuler(line) && isAboutUsing(paragraph.join(u' ')))
            return {};
        if (isRuler(line))
            paragraph.clear(); // what stands above was a heading
        if (fenced || heading || line.isEmpty()) {
            if (const QString found = settled(); !found.isEmpty())
                return found;
            if (heading && !fenced && isAboutUsing(line))
                return {};
            continue;
        }
        paragraph.append(line);
    }
    return settled();
}

} // namespace muster::demo
