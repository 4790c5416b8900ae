// RowsModel: the base of the lists that a query answers whole: takes a new answer and tells views the least
// that turns the old rows into it, so that selection and scroll position stay. A row is kept when `key` of it
// is the same. Thread of its parent (GUI).
#pragma once

#include <QAbstractListModel>
#include <QSet>

#include <algorithm>
#include <vector>

namespace muster {

template <typename Row> class RowsModel : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    // nullptr outside of the list. Until the next change.
    [[nodiscard]] const Row *rowAt(int row) const
    {
        return row >= 0 && row < rowCount() ? &m_rows[static_cast<size_t>(row)] : nullptr;
    }
    [[nodiscard]] const std::vector<Row> &rows() const { return m_rows; }

protected:
    template <typename Key> void setRows(std::vector<Row> wanted, Key key)
    {
        if (!keepsOrder(wanted, key)) {
            beginResetModel();
            m_rows = std::move(wanted);
            endResetModel();
            return;
        }
        removeMissing(wanted, key);
        for (size_t i = 0; i < wanted.size(); ++i) {
            if (i < m_rows.size() && key(m_rows[i]) == key(wanted[i])) {
                m_rows[i] = std::move(wanted[i]);
                continue;
            }
            const int at = static_cast<int>(i);
            beginInsertRows({}, at, at);
            m_rows.insert(m_rows.begin() + at, std::move(wanted[i]));
            endInsertRows();
        }
        if (!m_rows.empty())
            emit dataChanged(index(0), index(rowCount() - 1));
    }

private:
    template <typename Key> bool keepsOrder(const std::vector<Row> &wanted, Key key) const
    {
        auto from = m_rows.cbegin();
        size_t common = 0;
        for (const Row &row : wanted) {
            const auto found =
                std::find_if(from, m_rows.cend(), [&](const Row &old) { return key(old) == key(row); });
            if (found == m_rows.cend())
                continue;
            from = found + 1;
            ++common;
        }
        const auto kept = std::ranges::count_if(m_rows, [&](const Row &old) {
            return std::ranges::any_of(wanted, [&](const Row &row) { return key(row) == key(old); });
        });
        return common == static_cast<size_t>(kept);
    }

    template <typename Key> void removeMissing(const std::vector<Row> &wanted, Key key)
    {
        for (int i = rowCount() - 1; i >= 0; --i) {
            const auto old = key(m_rows[static_cast<size_t>(i)]);
            if (std::ranges::any_of(wanted, [&](const Row &row) { return key(row) == old; }))
                continue;
            beginRemoveRows({}, i, i);
            m_rows.erase(m_rows.begin() + i);
            endRemoveRows();
        }
    }

    std::vector<Row> m_rows;
};

} // namespace muster
