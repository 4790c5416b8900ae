#include "app/demo_agent/analysis/text.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

const QRegularExpression &sentenceEnd()
{
    // A full stop that ends a sentence: not one inside a name, a number or "e.g. ".
    static const QRegularExpression end(
        uR"((?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<!\bcf)(?<!\bNo)(?<!\b[A-Z])[.!?](?=\s+[^a-z\s]|\s*$))"_s);
    return end;
}

} // namespace

QString shortened(const QString &text, qsizetype limit)
{
    QString line = text.simplified();
    if (line.size() <= limit)
        return line;
    qsizetype cut = line.lastIndexOf(u' ', limit - 1);
    if (cut < limit / 2)
        cut = limit - 1;
    line.truncate(cut);
    while (!line.isEmpty() && (line.back() == u',' || line.back() == u';' || line.back() == u' '))
        line.chop(1);
    return line + u'…';
}

QString withoutMarkup(QString text)
{
    static const QRegularExpression docTag(
        uR"([@\\](brief|short|file(overview)?|summary|description|desc|details)\b:?)"_s);
    static const QRegularExpression laterTag(
        uR"(\s[@\\](param|return|returns|throws|type|see|since|author|note|example|private|public|class|module|copyright|license|licence)\b.*)"_s,
        QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression jsLink(uR"(\{@(?:link|code)\s+([^}]*)\})"_s);
    static const QRegularExpression pod(uR"(\b[BCFILSX]<+\s?([^<>|]*\|)?([^<>]*)\s?>+)"_s);
    static const QRegularExpression role(uR"(:[a-z:]+:`~?([^`<]*?)(?:\s*<[^`]*>)?`)"_s);
    static const QRegularExpression image(uR"(!\[[^\]]*\](\([^)]*\)|\[[^\]]*\]))"_s);
    static const QRegularExpression link(uR"(\[([^\]]*)\](\([^)]*\)|\[[^\]]*\]))"_s);
    static const QRegularExpression tag(
        uR"(</?(?:p|b|i|em|strong|code|a|br|img|div|span|h[1-6]|ul|ol|li|tt|pre|sup|sub|center|kbd)(\s[^<>]*)?/?>)"_s);
    static const QRegularExpression rstLink(uR"((`[^`<]+)(?:\s*<[^`]*>)?`_{1,2})"_s);
    text.replace(rstLink, uR"(\1`)"_s);
    static const QRegularExpression label(uR"(^\s*(Summary|Description|Synopsis|Purpose):\s*)"_s);
    static const QRegularExpression usage(uR"((^|\n)\s*Usage:.*)"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    text.replace(usage, u""_s);
    text.replace(label, u""_s);
    text.replace(docTag, u""_s);
    text.replace(laterTag, u""_s);
    text.replace(jsLink, uR"(\1)"_s);
    text.replace(pod, uR"(\2)"_s);
    text.replace(role, uR"(\1)"_s);
    text.replace(image, u""_s);
    text.replace(link, uR"(\1)"_s);
    text.replace(tag, u""_s);
    text.replace(u"**"_s, u""_s);
    text.replace(u"``"_s, u"`"_s);
    return text;
}

QString firstSentence(const QString &text, qsizetype limit)
{
    QString plain = withoutMarkup(text);
    const qsizetype paragraph = plain.trimmed().indexOf(u"\n\n"_s);
    if (paragraph > 0)
        plain = plain.trimmed().first(paragraph);
    plain = plain.simplified();
    const auto end = sentenceEnd().match(plain);
    if (end.hasMatch())
        plain.truncate(end.capturedEnd());
    return shortened(plain, limit);
}

QString number(qint64 value)
{
    QString digits = QString::number(value);
    for (qsizetype at = digits.size() - 3; at > (value < 0 ? 1 : 0); at -= 3)
        digits.insert(at, u',');
    return digits;
}

QString counted(qint64 n, const QString &one, const QString &many)
{
    if (n == 1)
        return u"1 "_s + one;
    return number(n) + u' ' + (many.isEmpty() ? QString(one + u's') : many);
}

QString byteSize(qint64 bytes)
{
    if (bytes < 1000)
        return counted(bytes, u"byte"_s);
    if (bytes < 1'000'000)
        return QString::number(static_cast<double>(bytes) / 1e3, 'f', bytes < 10'000 ? 1 : 0) + u" kB"_s;
    return QString::number(static_cast<double>(bytes) / 1e6, 'f', 1) + u" MB"_s;
}

QString listed(const QStringList &items)
{
    if (items.size() < 2)
        return items.join(QString());
    return items.first(items.size() - 1).join(u", "_s) + u" and "_s + items.last();
}

QString listedUpTo(const QStringList &items, qsizetype limit)
{
    if (items.size() <= limit)
        return listed(items);
    return items.first(limit).join(u", "_s) + u" and "_s + number(items.size() - limit) + u" more"_s;
}

QString oneLine(const QString &name)
{
    QString text;
    for (const QChar c : name) {
        if (c == u'\n')
            text += u"\\n"_s;
        else if (c == u'\t')
            text += u"\\t"_s;
        else if (c.category() == QChar::Other_Control)
            text += u"\\x%1"_s.arg(c.unicode(), 2, 16, QChar(u'0'));
        else
            text += c;
    }
    return text;
}

QString code(const QString &text)
{
    // Backticks inside need a longer fence (CommonMark, code spans).
    qsizetype longest = 0;
    qsizetype run = 0;
    for (const QChar c : text) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(longest + 1, u'`');
    const QString blank = longest > 0 ? u" "_s : QString();
    return fence + blank + oneLine(text) + blank + fence;
}

QByteArrayView trimmedView(QByteArrayView line)
{
    qsizetype begin = 0;
    qsizetype end = line.size();
    const auto blank = [](char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f';
    };
    while (begin < end && blank(line[begin]))
        ++begin;
    while (end > begin && blank(line[end - 1]))
        --end;
    return line.sliced(begin, end - begin);
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

qsizetype indexOfWord(QByteArrayView text, QByteArrayView word, qsizetype from)
{
    for (qsizetype at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
        const bool begins = at == 0 || !isWordByte(text[at - 1]);
        const qsizetype after = at + word.size();
        if (begins && (after >= text.size() || !isWordByte(text[after])))
            return at;
    }
    return -1;
}

} // namespace muster::demo
