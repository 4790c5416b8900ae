// Fuzzy search over short texts: the letters of the pattern in order, ranked so that what a person means
// comes first (whole words, starts of words, runs of letters, short texts). Case and accents of ASCII only
// are folded by QChar. Patterns over 200 characters match nothing. Pure, any thread.
#pragma once

#include <QList>
#include <QStringView>

#include <optional>

namespace muster {

struct FuzzyMatch {
    int score = 0;        // higher is better; only comparable within one pattern
    QList<int> positions; // of the matched letters in the text, ascending
};

// nullopt: no match. An empty pattern matches everything with score 0. Words of the pattern separated by
// spaces may match in any order.
[[nodiscard]] std::optional<FuzzyMatch> fuzzyMatch(QStringView pattern, QStringView text);

} // namespace muster
