#include "core/viewmodel/permission_list_model.h"

#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/visible_text.h"

using namespace Qt::StringLiterals;

namespace muster {

PermissionListModel::PermissionListModel(NodeFeed *feed, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.everything || changes.inbox) // an answer may have made one
            ask();
    });
    ask();
}

void PermissionListModel::ask()
{
    m_feed->node().query(api::ListPermissions{}, this,
                         [this](Result<std::vector<api::PermissionInfo>> rules) {
        if (!rules) {
            emit failed(rules.error());
            return;
        }
        m_loaded = true;
        setRows(std::move(*rules), [](const api::PermissionInfo &rule) { return rule.id; });
        emit loaded();
    });
}

void PermissionListModel::revoke(PermissionRuleId rule)
{
    m_feed->node().submit(api::RevokePermission{.rule = rule}, this,
                          [this](const Result<api::CommandDone> &done) {
        if (!done && done.error().code != ErrorCode::NotFound) // taken back elsewhere: as wished
            emit refused(done.error());
        ask();
    });
}

QVariant PermissionListModel::data(const QModelIndex &index, int role) const
{
    const api::PermissionInfo *rule = rowAt(index.row());
    if (!rule)
        return {};
    if (role == Qt::DisplayRole)
        return withVisibleMarks(rule->pattern);
    if (role == Qt::AccessibleTextRole)
        return QString(describeRule(*rule) % u' ' % withVisibleMarks(rule->pattern));
    return {};
}

} // namespace muster
