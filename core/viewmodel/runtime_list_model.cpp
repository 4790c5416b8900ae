#include "core/viewmodel/runtime_list_model.h"

#include "core/viewmodel/describe_runtime.h"

using namespace Qt::StringLiterals;

namespace muster {

RuntimeListModel::RuntimeListModel(NodeFeed *feed, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.everything || changes.accounts)
            ask(false);
    });
    ask(false);
}

void RuntimeListModel::ask(bool again)
{
    ++m_checking;
    emit checkingChanged();
    m_feed->node().query(api::ListRuntimes{.again = again}, this,
                         [this](Result<std::vector<api::RuntimeInfo>> runtimes) {
        --m_checking;
        if (runtimes) {
            setRows(std::move(*runtimes), [](const api::RuntimeInfo &runtime) { return runtime.id; });
            emit loaded();
        } else {
            emit failed(runtimes.error());
        }
        emit checkingChanged();
    });
}

void RuntimeListModel::setDefault(const QString &id)
{
    m_feed->node().submit(api::SetSetting{.key = u"runtime.default"_s, .value = id}, this,
                          [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit refused(done.error());
        ask(false);
    });
}

QVariant RuntimeListModel::data(const QModelIndex &index, int role) const
{
    const api::RuntimeInfo *runtime = rowAt(index.row());
    if (!runtime)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return runtime->label;
    case Qt::AccessibleTextRole:
        return QString(runtime->label % u", "_s % describeRuntimeState(runtime->state));
    case IdRole:
        return runtime->id;
    case StateRole:
        return runtime->state;
    case SignInRole:
        return runtime->signIn;
    default:
        return {};
    }
}

} // namespace muster
