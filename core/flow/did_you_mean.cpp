#include "core/flow/did_you_mean.h"

namespace muster {

namespace {

constexpr qsizetype kLongestWord = 64;

// Optimal string alignment: insert, remove, replace and swap of neighbours cost one each.
int distance(const QString &a, const QString &b)
{
    const auto width = static_cast<size_t>(b.size()) + 1;
    std::vector<int> before(width);
    std::vector<int> last(width);
    std::vector<int> row(width);
    for (size_t j = 0; j < width; ++j)
        last[j] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<size_t>(j);
            const bool same = a[i - 1] == b[j - 1];
            row[at] = std::min({last[at] + 1, row[at - 1] + 1, last[at - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[at] = std::min(row[at], before[at - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[width - 1];
}

} // namespace

QString closestOf(const QString &word, const QStringList &known)
{
    if (word.isEmpty() || word.size() > kLongestWord)
        return {};
    const QString folded = word.toLower().replace(u'-', u'_');
    int best = std::max(1, static_cast<int>(word.size()) / 3) + 1;
    QString closest;
    for (const QString &candidate : known) {
        if (candidate.size() > kLongestWord)
            continue;
        const int cost = distance(folded, candidate.toLower().replace(u'-', u'_'));
        if (cost < best) {
            best = cost;
            closest = candidate;
        }
    }
    return closest;
}

} // namespace muster
