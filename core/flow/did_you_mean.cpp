#include "core/flow/did_you_mean.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

namespace muster {

namespace {

constexpr qsizetype kLongestWord = 64;

QChar folded(QChar c) { return c == u'-' ? QChar(u'_') : c.toLower(); }

// Optimal string alignment: insert, remove, replace and swap of neighbours cost one each. What two words
// begin and end with alike costs nothing, and most words of one file are alike: it is looked at once.
class Distance {
public:
    explicit Distance(const QString &word)
    {
        for (const QChar c : word)
            m_word.push_back(folded(c));
    }

    // To `other`; `most` where it is not less.
    int to(const QString &other, int most)
    {
        if (std::abs(other.size() - static_cast<qsizetype>(m_word.size())) >= most)
            return most;
        m_other.clear();
        for (const QChar c : other)
            m_other.push_back(folded(c));
        std::span<const QChar> a(m_word);
        std::span<const QChar> b(m_other);
        while (!a.empty() && !b.empty() && a.front() == b.front()) {
            a = a.subspan(1);
            b = b.subspan(1);
        }
        while (!a.empty() && !b.empty() && a.back() == b.back()) {
            a = a.first(a.size() - 1);
            b = b.first(b.size() - 1);
        }
        return std::min(most, between(a, b));
    }

private:
    int between(std::span<const QChar> a, std::span<const QChar> b)
    {
        m_before.assign(b.size() + 1, 0);
        m_row.assign(b.size() + 1, 0);
        m_last.resize(b.size() + 1);
        std::ranges::iota(m_last, 0);
        for (size_t i = 1; i <= a.size(); ++i) {
            m_row[0] = static_cast<int>(i);
            for (size_t j = 1; j <= b.size(); ++j) {
                const bool same = a[i - 1] == b[j - 1];
                m_row[j] = std::min({m_last[j] + 1, m_row[j - 1] + 1, m_last[j - 1] + (same ? 0 : 1)});
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    m_row[j] = std::min(m_row[j], m_before[j - 2] + 1);
            }
            std::swap(m_before, m_last);
            std::swap(m_last, m_row);
        }
        return m_last[b.size()];
    }

    std::vector<QChar> m_word;
    std::vector<QChar> m_other;
    std::vector<int> m_before;
    std::vector<int> m_last;
    std::vector<int> m_row;
};

} // namespace

QString closestOf(const QString &word, const QStringList &known)
{
    if (word.isEmpty() || word.size() > kLongestWord)
        return {};
    Distance distance(word);
    int best = std::max(1, static_cast<int>(word.size()) / 3) + 1;
    QString closest;
    for (const QString &candidate : known) {
        if (candidate.size() > kLongestWord)
            continue;
        if (const int cost = distance.to(candidate, best); cost < best) {
            best = cost;
            closest = candidate;
        }
    }
    return closest;
}

} // namespace muster
