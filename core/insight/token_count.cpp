#include "core/insight/token_count.h"

#include <algorithm>

namespace muster {

namespace {

// Thousandths of a token.
constexpr qint64 kToken = 1000;
constexpr qint64 kLongWord = 8; // letters
constexpr qint64 kMoreLetter = 100;
constexpr qint64 kMoreAccentedLetter = 200;
constexpr qint64 kIdeograph = 620;
constexpr qint64 kOtherLetter = 300;
constexpr qint64 kMoreSign = 300;
constexpr qint64 kLineEnd = 300;
constexpr qint64 kIndent = 300;
constexpr qsizetype kDigits = 3;
constexpr qsizetype kSameSigns = 16; // "-----------" is one token

enum class Script : std::uint8_t { Latin, Ideographs, Other };

Script scriptOf(QChar c)
{
    const char16_t code = c.unicode();
    if (code < 0x250)
        return Script::Latin;
    const bool ideograph = (code >= 0x2e80 && code < 0xa000) || (code >= 0xac00 && code < 0xd7b0) ||
                           (code >= 0xf900 && code < 0xfb00) || c.isSurrogate();
    return ideograph ? Script::Ideographs : Script::Other;
}

bool isLetter(QChar c) { return c.isLetter() || c.isSurrogate(); }
bool isSign(QChar c) { return !isLetter(c) && !c.isDigit() && !c.isSpace(); }

qint64 tokensOfWord(QStringView word)
{
    const qint64 length = word.size();
    switch (scriptOf(word.front())) {
    case Script::Ideographs:
        return length * kIdeograph;
    case Script::Other:
        return std::max(kToken, length * kOtherLetter);
    case Script::Latin:
        break;
    }
    const bool ascii = std::ranges::all_of(word, [](QChar c) { return c.unicode() < 128; });
    return kToken + (std::max<qint64>(0, length - kLongWord) * (ascii ? kMoreLetter : kMoreAccentedLetter));
}

qint64 tokensOfSpace(QStringView space)
{
    if (!space.contains(u'\n'))
        return space.size() > 1 ? kToken : 0; // one belongs to the word behind it
    const bool indented = space.endsWith(QStringView(u"  "));
    return kLineEnd + (indented ? kIndent : 0);
}

qint64 tokensOfSigns(QStringView signs)
{
    const bool same = std::ranges::all_of(signs, [&](QChar c) { return c == signs.front(); });
    return same ? kToken * (1 + (signs.size() / kSameSigns)) : kToken + ((signs.size() - 1) * kMoreSign);
}

template <typename Belongs> QStringView runAt(QStringView text, qsizetype begin, Belongs belongs)
{
    qsizetype end = begin + 1;
    while (end < text.size() && belongs(text[end - 1], text[end]))
        ++end;
    return text.sliced(begin, end - begin);
}

} // namespace

qint64 estimateTokens(QStringView text)
{
    qint64 thousandths = 0;
    for (qsizetype at = 0; at < text.size();) {
        const QChar first = text[at];
        QStringView run;
        if (isLetter(first)) {
            const Script script = scriptOf(first);
            run = runAt(text, at, [script](QChar before, QChar c) {
                const bool another = script == Script::Latin && c.isUpper() && before.isLower();
                return isLetter(c) && scriptOf(c) == script && !another;
            });
            thousandths += tokensOfWord(run);
        } else if (first.isDigit()) {
            run = runAt(text, at, [](QChar, QChar c) { return c.isDigit(); });
            thousandths += kToken * ((run.size() + kDigits - 1) / kDigits);
        } else if (first.isSpace()) {
            run = runAt(text, at, [](QChar, QChar c) { return c.isSpace(); });
            thousandths += tokensOfSpace(run);
        } else {
            run = runAt(text, at, [](QChar, QChar c) { return isSign(c); });
            thousandths += tokensOfSigns(run);
        }
        at += run.size();
    }
    return (thousandths + kToken - 1) / kToken;
}

} // namespace muster
