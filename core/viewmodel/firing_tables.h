// What became of a schedule's times: a row for each firing, and one for each nominal time. The newest first;
// columns in words, the values through roles. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/viewmodel/paged_table.h"

namespace muster {

class FiringTable final : public PagedTable<api::FiringInfo> {
    Q_OBJECT

public:
    enum Column {
        FiredColumn,
        ResultColumn,
        CauseColumn,
        WaitColumn,
        RunColumn,
        StepsColumn,
        CostColumn,
        WorkColumn,
        ColumnCount
    };

    explicit FiringTable(std::function<void()> wantMore = {}, QObject *parent = nullptr)
        : PagedTable(ColumnCount, std::move(wantMore), parent)
    {
    }

    void setFirings(std::vector<api::FiringInfo> firings);
    [[nodiscard]] QModelIndex indexOf(FiringId firing) const;

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

class OccurrenceTable final : public PagedTable<api::OccurrenceInfo> {
    Q_OBJECT

public:
    enum Column { TimeColumn, OutcomeColumn, ReasonColumn, ColumnCount };

    explicit OccurrenceTable(std::function<void()> wantMore = {}, QObject *parent = nullptr)
        : PagedTable(ColumnCount, std::move(wantMore), parent)
    {
    }

    void setOccurrences(std::vector<api::OccurrenceInfo> occurrences);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace muster
