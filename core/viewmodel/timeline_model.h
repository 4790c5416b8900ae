// TimelineModel: a window on the event log, at most `maxRows` rows around what is looked at, however long the
// log is. Pages come from the node by sequence number; while the window reaches the newest event, new ones
// are added as they come, at most once a frame. Rows ascend by sequence number. A jump (showNewest, showAt,
// …) answers with positioned(); a later jump wins over an earlier one. GUI thread.
#pragma once

#include "core/node/api/node_api.h"
#include "core/viewmodel/event_names.h"
#include "core/viewmodel/timeline_lanes.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <deque>

namespace muster {

class TimelineModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Kind, Subject, Summary, ColumnTotal };
    enum Role {
        SeqRole = Qt::UserRole, // qint64
        AtRole,                 // qint64, UTC milliseconds
        KindRole,               // QString, raw
        IconRole,               // QString, name of an icon
        ToneRole,               // EventTone as int
        RunRole,                // qint64, 0: none
    };

    static constexpr int pageRows = 400;
    static constexpr int maxRows = 3200;

    explicit TimelineModel(api::NodeApi *node, QObject *parent = nullptr);

    void setActive(bool active);
    void setFilter(const api::EventFilter &filter); // starts at the newest again
    [[nodiscard]] const api::EventFilter &filter() const { return m_filter; }
    // Told by the view: whether the newest row is in sight, so that new ones push old ones out of the window.
    void setFollowing(bool following);
    [[nodiscard]] bool isFollowing() const { return m_following; }

    void showNewest();
    void showOldest();
    void showAt(qint64 seq); // the event with that number, or the last one before it
    void fetchOlder();
    void fetchNewer();

    [[nodiscard]] bool hasOlder() const { return m_hasOlder; }
    [[nodiscard]] bool hasNewer() const { return m_hasNewer; }
    // Of everything that matches, not of the window; 0: nothing there.
    [[nodiscard]] qint64 oldestSeq() const { return m_oldestSeq; }
    [[nodiscard]] qint64 newestSeq() const { return m_newestSeq; }
    [[nodiscard]] int unseen() const { return m_unseen; } // came while the newest was not in sight
    [[nodiscard]] bool isLoading() const { return m_underWay || m_next.has_value(); }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

    [[nodiscard]] const Event &eventAt(int row) const { return m_events[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(qint64 seq) const; // of the last event not newer; -1: none in the window
    [[nodiscard]] QString subjectOf(const Event &event) { return m_names.subjectOf(event); }

    // Of the rows in the window.
    [[nodiscard]] const TimelineLanes &lanes() const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

signals:
    // Around every change of rows, so that a view can stay where it is.
    void windowAboutToChange();
    void windowChanged();
    void positioned(int row);
    void stateChanged(); // range, loading, error, unseen

private:
    struct Jump {
        enum class To : std::uint8_t { Newest, Oldest, At, Older, Newer } to = To::Newest;
        qint64 seq = 0;
    };

    void start(Jump jump);
    void run(Jump jump);
    void onPage(const Jump &jump, std::vector<Event> page);
    void replaceAll(std::vector<Event> page);
    void prepend(std::vector<Event> page);
    void append(std::span<const Event> page);
    void trimFront(int keep);
    void trimBack(int keep);
    void askOldest();
    void subscribe();
    void unsubscribe();
    void onNotice(const api::Notice &notice);
    void takeArrived();
    [[nodiscard]] int size() const { return static_cast<int>(m_events.size()); }
    [[nodiscard]] QString textOf(const Event &event, int column) const;

    api::NodeApi *m_node;
    mutable EventNames m_names; // learns while it is asked
    api::EventFilter m_filter;
    std::deque<Event> m_events;
    mutable std::optional<TimelineLanes> m_lanes; // made when asked for
    std::vector<Event> m_arrived;
    QTimer m_frame;
    std::optional<Jump> m_next; // wanted while another page is under way
    std::optional<Error> m_error;
    qint64 m_oldestSeq = 0;
    qint64 m_newestSeq = 0;
    int m_unseen = 0;
    int m_generation = 0; // answers of an older filter are not for us
    int m_subscription = 0;
    bool m_active = false;
    bool m_underWay = false;
    bool m_following = true;
    bool m_hasOlder = false;
    bool m_hasNewer = false;
};

} // namespace muster
