#include "core/viewmodel/inbox_model.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"

#include <tuple>

namespace muster {
namespace {

constexpr int doneLimit = 500;

QString placeOf(const api::InboxInfo &item)
{
    const QString &name = item.projectName;
    return name.isEmpty() || item.who.isEmpty() ? QString(name % item.who)
                                                : QString(name % u" · " % item.who);
}

QString oneLine(const api::InboxInfo &item)
{
    for (const QString &text : {item.command, item.paths.join(QStringLiteral(", ")), item.body}) {
        const QString line = text.section(u'\n', 0, 0, QString::SectionSkipEmpty).simplified();
        if (!line.isEmpty())
            return line;
    }
    return {};
}

QString sectionOf(const api::InboxInfo &item)
{
    if (item.later)
        return InboxModel::tr("Put off");
    return item.kind == InboxKind::Result ? InboxModel::tr("Results of schedules") : QString();
}

InboxId keyOf(const api::InboxInfo &item) { return item.id; }

} // namespace

bool isUrgent(const api::InboxInfo &item)
{
    return item.kind == InboxKind::Permission || item.kind == InboxKind::Approval ||
           item.kind == InboxKind::Question;
}

InboxModel::InboxModel(NodeFeed *feed, Shows shows, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
    , m_shows(shows)
    , m_refresher([this] { ask(); }, this)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.inbox || changes.everything)
            m_refresher.request();
    });
    m_refresher.request();
}

QModelIndex InboxModel::indexOf(InboxId item) const
{
    const auto found = std::ranges::find(rows(), item, &api::InboxInfo::id);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()));
}

void InboxModel::answer(const api::AnswerInbox &answer)
{
    if (m_answering.contains(answer.inbox))
        return;
    m_answering.insert(answer.inbox);
    touched(answer.inbox);
    m_feed->node().submit(answer, this, [this, id = answer.inbox](const Result<api::CommandDone> &done) {
        m_answering.remove(id);
        touched(id);
        m_refresher.request();
        if (!done)
            emit failed(done.error());
    });
}

QVariant InboxModel::data(const QModelIndex &index, int role) const
{
    const api::InboxInfo *item = rowAt(index.row());
    if (!item)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return describeTitle(*item);
    case Qt::AccessibleTextRole:
        return QString(
            describe(item->kind) % u": " % describeTitle(*item) % u", " % placeOf(*item) %
            (item->later && m_shows == Shows::Open ? QString(u", " % sectionOf(*item)) : QString()));
    case IdRole:
        return item->id.value;
    case KindRole:
        return static_cast<int>(item->kind);
    case WhoRole:
        return placeOf(*item);
    case ProjectRole:
        return item->projectName;
    case WhyRole:
        return withVisibleMarks(oneLine(*item));
    case CreatedAtRole:
        return item->createdAt;
    case LaterRole:
        return item->later;
    case AnswerRole:
        return item->status == InboxStatus::Withdrawn ? enumName(item->status) : item->answer;
    case AnsweringRole:
        return m_answering.contains(item->id);
    case SectionRole:
        return m_shows == Shows::Open ? sectionOf(*item) : QString();
    default:
        return {};
    }
}

void InboxModel::ask()
{
    const bool open = m_shows == Shows::Open;
    const api::ListInbox query{.openOnly = open, .limit = doneLimit};
    m_feed->node().query(query, this, [this](Result<std::vector<api::InboxInfo>> items) {
        m_refresher.done();
        if (items)
            take(std::move(*items));
    });
}

void InboxModel::take(std::vector<api::InboxInfo> items)
{
    const bool open = m_shows == Shows::Open;
    std::erase_if(items,
                  [&](const api::InboxInfo &item) { return (item.status == InboxStatus::Open) != open; });
    if (open) {
        // Results have the last place, those of a schedule together.
        std::ranges::stable_sort(items, {}, [](const api::InboxInfo &item) {
            const bool isResult = item.kind == InboxKind::Result;
            return std::tuple(item.later, isResult, !isUrgent(item), isResult ? item.schedule : ScheduleId{},
                              item.createdAt, item.id);
        });
    } else {
        std::ranges::stable_sort(items, std::ranges::greater(), [](const api::InboxInfo &item) {
            return std::pair(item.answeredAt, item.id);
        });
    }
    m_loaded = true;
    setRows(std::move(items), keyOf);
    emit loaded();
}

void InboxModel::touched(InboxId item)
{
    const QModelIndex index = indexOf(item);
    if (index.isValid())
        emit dataChanged(index, index);
}

} // namespace muster
