// QueueModel: what runs on the node and what waits to, of all projects: first those that have begun, the
// longest at work first, then the queue in the order in which it begins. What a person does with them goes to
// the node as commands. Kept up by what the node tells; sleeps while inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"

#include <variant>

namespace muster {

using QueueRow = std::variant<api::TaskInfo, api::QueuedInfo>; // it has begun; it waits

[[nodiscard]] TaskId taskOf(const QueueRow &row);
[[nodiscard]] QString titleOf(const QueueRow &row);       // never empty, with visible marks
[[nodiscard]] QString stateOf(const api::TaskInfo &task); // "Running", "Waiting for you"
// As a row says it, at this moment.
[[nodiscard]] QString trailingOf(const QueueRow &row, qint64 nowMs); // "4 min 12 s", "about 3 min"
[[nodiscard]] QString subtitleOf(const QueueRow &row,
                                 qint64 nowMs); // how far it is or why it waits, and what started it

class QueueModel final : public RowsModel<QueueRow> {
    Q_OBJECT

public:
    enum class Shows : std::uint8_t { All, Running, Waiting };
    enum Role { IdRole = Qt::UserRole + 1, WaitsRole };

    explicit QueueModel(NodeFeed *feed, QObject *parent = nullptr);

    void setActive(bool active) { m_refresher.setActive(active); }
    [[nodiscard]] bool isActive() const { return m_refresher.isActive(); }
    void setShows(Shows shows);
    [[nodiscard]] Shows shows() const { return m_shows; }
    // The node has answered: an empty list means that there is nothing.
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QModelIndex indexOf(TaskId task) const;
    [[nodiscard]] int runningCount() const { return static_cast<int>(m_running.size()); }
    [[nodiscard]] int waitingCount() const { return static_cast<int>(m_waiting.size()); }

    // Ends it, whether it runs or waits.
    void end(TaskId task);
    // `force`: over the cap, which is written down; else atCapacity() tells that it is full.
    void runNow(TaskId task, bool force);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void atCapacity(muster::TaskId task, const muster::Error &full);
    void failed(const muster::Error &error);

private:
    void ask();
    void showRows();

    NodeFeed *m_feed;
    Refresher m_refresher;
    Shows m_shows = Shows::All;
    std::vector<api::TaskInfo> m_running;
    std::vector<api::QueuedInfo> m_waiting;
    bool m_loaded = false;
};

} // namespace muster
