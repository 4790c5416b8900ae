// InboxModel: what waits for the person (oldest urgent first, results of schedules and what was put off
// last), or what has been answered (newest first). Answers go to the node; until it says so the item stands
// as being answered. The first answer wins wherever it is given, so a refusal is no loss. Sleeps while
// inactive. GUI thread.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "core/viewmodel/refresher.h"
#include "core/viewmodel/rows_model.h"

namespace muster {

// Work stands still until it is answered.
[[nodiscard]] bool isUrgent(const api::InboxInfo &item);

class InboxModel final : public RowsModel<api::InboxInfo> {
    Q_OBJECT

public:
    enum class Shows : std::uint8_t { Open, Done };
    enum Role {
        IdRole = Qt::UserRole + 1,
        KindRole,
        WhoRole,
        ProjectRole, // name
        WhyRole,     // one line of what is asked
        CreatedAtRole,
        LaterRole,
        AnswerRole,
        AnsweringRole,
        SectionRole // heading of what does not wait like the rest: results of schedules, what was put off
    };

    InboxModel(NodeFeed *feed, Shows shows, QObject *parent = nullptr);

    void setActive(bool active) { m_refresher.setActive(active); }
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    [[nodiscard]] QModelIndex indexOf(InboxId item) const;
    [[nodiscard]] bool isAnswering(InboxId item) const { return m_answering.contains(item); }

    void answer(const api::AnswerInbox &answer);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

signals:
    void loaded();
    void failed(const muster::Error &error);

private:
    void ask();
    void take(std::vector<api::InboxInfo> items);
    void touched(InboxId item);

    NodeFeed *m_feed;
    Shows m_shows;
    Refresher m_refresher;
    QSet<InboxId> m_answering;
    bool m_loaded = false;
};

} // namespace muster
