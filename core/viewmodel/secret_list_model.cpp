#include "core/viewmodel/secret_list_model.h"

#include "core/viewmodel/describe_runtime.h"

namespace muster {

SecretListModel::SecretListModel(NodeFeed *feed, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
{
    connect(feed, &NodeFeed::changed, this, [this](const FeedChanges &changes) {
        if (changes.everything)
            ask();
    });
    ask();
}

void SecretListModel::ask()
{
    m_feed->node().query(api::ListSecrets{}, this, [this](Result<std::vector<api::SecretInfo>> secrets) {
        if (!secrets) {
            emit failed(secrets.error());
            return;
        }
        setRows(std::move(*secrets), [](const api::SecretInfo &secret) { return secret.name; });
        emit loaded();
    });
}

void SecretListModel::keep(const QString &name, const QString &value)
{
    m_feed->node().submit(api::SetSecret{.name = name, .value = value}, this,
                          [this, name](const Result<api::CommandDone> &done) {
        if (!done) {
            emit refused(done.error());
            return;
        }
        emit kept(name);
        ask();
    });
}

void SecretListModel::remove(const QString &name)
{
    m_feed->node().submit(api::RemoveSecret{.name = name}, this,
                          [this, name](const Result<api::CommandDone> &done) {
        if (done)
            emit removed(name);
        else if (done.error().code != ErrorCode::NotFound) // removed elsewhere: as wished
            emit refused(done.error());
        ask();
    });
}

QVariant SecretListModel::data(const QModelIndex &index, int role) const
{
    const api::SecretInfo *secret = rowAt(index.row());
    if (!secret)
        return {};
    if (role == Qt::DisplayRole)
        return secret->name;
    if (role == Qt::AccessibleTextRole)
        return QString(secret->name % u", " % describePlace(*secret));
    return {};
}

} // namespace muster
