#include "core/viewmodel/permission_list_model.h"

#include "core/viewmodel/describe_runtime.h"
#include "core/viewmodel/visible_text.h"

#include <QPointer>

#include <tuple>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

// As the broker goes by them: of a profile, of a project, of every project.
int rankOf(const api::PermissionInfo &rule)
{
    if (!rule.profile.isEmpty())
        return 0;
    return rule.project.isValid() ? 1 : 2;
}

bool comesBefore(const api::PermissionInfo &left, const api::PermissionInfo &right)
{
    const auto order = [](const api::PermissionInfo &rule) {
        return std::tuple(rankOf(rule), !rule.project.isValid(), rule.allowed, rule.projectName, rule.profile,
                          rule.pattern, rule.id);
    };
    return order(left) < order(right);
}

} // namespace

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
    m_feed->node().query(api::ListPermissions{.project = m_project}, this,
                         [this, project = m_project](Result<std::vector<api::PermissionInfo>> rules) {
        if (project != m_project)
            return; // another is asked for
        if (!rules) {
            emit failed(rules.error());
            return;
        }
        m_loaded = true;
        std::ranges::sort(*rules, comesBefore);
        setRows(std::move(*rules), [](const api::PermissionInfo &rule) { return rule.id; });
        emit loaded();
    });
}

void PermissionListModel::setProject(const QString &path)
{
    if (std::exchange(m_project, path) != path)
        ask();
}

QModelIndex PermissionListModel::indexOf(PermissionRuleId rule) const
{
    const auto found = std::ranges::find(rows(), rule, &api::PermissionInfo::id);
    return found == rows().end() ? QModelIndex() : index(static_cast<int>(found - rows().begin()));
}

void PermissionListModel::set(const api::SetPermission &rule, QObject *context,
                              std::function<void(const Status &)> done)
{
    m_feed->node().submit(
        rule, this,
        [this, asker = QPointer(context), done = std::move(done)](const Result<api::CommandDone> &answer) {
        if (answer) {
            emit kept(PermissionRuleId{answer->text.toLongLong()});
            ask();
        }
        if (asker)
            done(answer.transform([](const api::CommandDone &) {}));
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

void PermissionListModel::askProfiles(const QString &project, QObject *context,
                                      const std::function<void(const QStringList &)> &done)
{
    m_feed->node().query(api::ListProfiles{.project = project}, context,
                         [done](const Result<QStringList> &names) {
        if (names) // without, only the profiles that rules name can be chosen
            done(*names);
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
        return QString(describeRule(*rule) % u' ' % withVisibleMarks(rule->pattern) % u", "_s %
                       describeRulePlace(*rule));
    return {};
}

} // namespace muster
