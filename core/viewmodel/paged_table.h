// PagedTable: rows with columns, of which more are fetched as a view scrolls to the last: whoever asks for
// them is called then, and says after each answer whether there may be more. Thread of its parent (GUI).
#pragma once

#include "core/viewmodel/rows_model.h"

#include <functional>

namespace muster {

template <typename Row> class PagedTable : public RowsModel<Row> {
public:
    PagedTable(int columns, std::function<void()> wantMore, QObject *parent)
        : RowsModel<Row>(parent)
        , m_columns(columns)
        , m_wantMore(std::move(wantMore))
    {
    }

    void setMayHaveMore(bool may) { m_mayHaveMore = may; }

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : m_columns;
    }
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override
    {
        return !parent.isValid() && m_mayHaveMore;
    }
    void fetchMore(const QModelIndex &parent) override
    {
        if (!canFetchMore(parent))
            return;
        m_mayHaveMore = false; // until the answer says so
        m_wantMore();
    }

protected:
    template <typename Key> void setTableRows(std::vector<Row> wanted, Key key)
    {
        this->setRows(std::move(wanted), key);
        if (this->rowCount() > 0)
            emit this->dataChanged(this->index(0, 0), this->index(this->rowCount() - 1, m_columns - 1));
    }

private:
    int m_columns;
    std::function<void()> m_wantMore;
    bool m_mayHaveMore = false;
};

} // namespace muster
