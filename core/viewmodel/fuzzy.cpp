#include "core/viewmodel/fuzzy.h"

#include <algorithm>

namespace muster {
namespace {

constexpr qsizetype maxPattern = 200;
constexpr int wordStartBonus = 12;
constexpr int runBonus = 8;
constexpr int textStartBonus = 6;
constexpr int gapCost = 1;

bool startsWord(QStringView text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text[at - 1];
    return !before.isLetterOrNumber() || (before.isLower() && text[at].isUpper());
}

// Greedy from each possible first letter; texts are short, so trying every start is cheap.
std::optional<FuzzyMatch> matchFrom(QStringView word, QStringView text, qsizetype start)
{
    FuzzyMatch match;
    qsizetype at = start;
    qsizetype last = -1;
    for (const QChar letter : word) {
        const QChar wanted = letter.toCaseFolded();
        qsizetype found = -1;
        for (qsizetype i = at; i < text.size(); ++i) {
            if (text[i].toCaseFolded() == wanted) {
                found = i;
                break;
            }
        }
        if (found < 0)
            return std::nullopt;
        match.score += startsWord(text, found) ? wordStartBonus : 0;
        match.score += last >= 0 && found == last + 1 ? runBonus : 0;
        match.score -= last >= 0 ? static_cast<int>(std::min<qsizetype>(found - last - 1, 20)) * gapCost : 0;
        match.positions.append(static_cast<int>(found));
        last = found;
        at = found + 1;
    }
    match.score += match.positions.constFirst() == 0 ? textStartBonus : 0;
    return match;
}

std::optional<FuzzyMatch> matchWord(QStringView word, QStringView text)
{
    std::optional<FuzzyMatch> best;
    for (qsizetype start = 0; start < text.size(); ++start) {
        if (text[start].toCaseFolded() != word[0].toCaseFolded())
            continue;
        auto match = matchFrom(word, text, start);
        if (!match)
            break; // a later start cannot match either
        if (!best || match->score > best->score)
            best = std::move(match);
    }
    return best;
}

} // namespace

std::optional<FuzzyMatch> fuzzyMatch(QStringView pattern, QStringView text)
{
    if (pattern.size() > maxPattern)
        return std::nullopt;
    FuzzyMatch all;
    const auto words = pattern.split(u' ', Qt::SkipEmptyParts);
    for (const QStringView word : words) {
        auto match = matchWord(word, text);
        if (!match)
            return std::nullopt;
        all.score += match->score;
        all.positions += match->positions;
    }
    std::ranges::sort(all.positions);
    const auto doubled = std::ranges::unique(all.positions);
    all.positions.erase(doubled.begin(), doubled.end());
    if (!words.isEmpty())
        all.score -= static_cast<int>(std::min<qsizetype>(text.size(), 60)) / 10;
    return all;
}

} // namespace muster
