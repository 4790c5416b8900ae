// ConversationListModel: the conversations of the open project, the one that changed last first. Sleeps while
// inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

class ProjectContext;

// What is most urgent to tell of it.
enum class ConversationNews : std::uint8_t {
    Idle, // nothing but its age
    Unread,
    Interrupted,
    Failed,
    Queued,
    Rests, // its answer waits for a limit of its runtime to be over
    Working,
    WaitsForYou,
};

[[nodiscard]] ConversationNews newsOf(const api::ConversationInfo &conversation);
// "Waits for you", "Writing…", "New answer", "Failed"; empty: Idle. As short as a list has room for; whole:
// "Limit until 14:30" is "Waits for its provider’s limit until 14:30".
[[nodiscard]] QString describeNews(const api::ConversationInfo &conversation, qint64 nowMs,
                                   bool whole = false);
[[nodiscard]] QString conversationTitle(const api::ConversationInfo &conversation);

class ConversationListModel final : public RowsModel<api::ConversationInfo> {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, WorkingRole, QueuedRole, UpdatedAtRole };

    ConversationListModel(NodeFeed *feed, ProjectContext *context, QObject *parent = nullptr);

    void setActive(bool active) { m_refresher.setActive(active); }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QModelIndex indexOf(ConversationId conversation) const;

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();

private:
    void ask();

    NodeFeed *m_feed;
    ProjectContext *m_context;
    Refresher m_refresher;
    bool m_loaded = false;
};

} // namespace muster
