// What became of a schedule's times: a row for each firing, and one for each nominal time. The newest first;
// columns in words, the values through roles. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class FiringTable final : public RowsModel<api::FiringInfo> {
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

    using RowsModel::RowsModel;

    void setFirings(std::vector<api::FiringInfo> firings);
    [[nodiscard]] QModelIndex indexOf(FiringId firing) const;

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    void setMayHaveMore(bool may) { m_mayHaveMore = may; }

signals:
    void moreWanted();

private:
    bool m_mayHaveMore = false;
};

class OccurrenceTable final : public RowsModel<api::OccurrenceInfo> {
    Q_OBJECT

public:
    enum Column { TimeColumn, OutcomeColumn, ReasonColumn, ColumnCount };

    using RowsModel::RowsModel;

    void setOccurrences(std::vector<api::OccurrenceInfo> occurrences);

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    void setMayHaveMore(bool may) { m_mayHaveMore = may; }

signals:
    void moreWanted();

private:
    bool m_mayHaveMore = false;
};

} // namespace muster
