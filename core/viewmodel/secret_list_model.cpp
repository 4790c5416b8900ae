#include "core/viewmodel/secret_list_model.h"

#include "core/viewmodel/describe_keys.h"

namespace muster {

using namespace Qt::StringLiterals;

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
    m_feed->node().query(api::GetKeyStore{}, this, [this](Result<api::KeyStoreInfo> store) {
        if (!store)
            return; // the other question tells the same
        m_store = std::move(*store);
        emit storeChanged();
    });
}

void SecretListModel::choose(const QString &store)
{
    m_feed->node().submit(api::SetSetting{.key = u"keys.store"_s, .value = store}, this,
                          [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit refused(done.error());
        ask();
    });
}

void SecretListModel::unlock(const QString &passphrase)
{
    m_feed->node().submit(api::UnlockKeys{.passphrase = passphrase}, this,
                          [this](const Result<api::CommandDone> &done) {
        if (done)
            emit unlocked(done->text);
        else
            emit refused(done.error());
        ask();
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
        emit kept(name, done->list.value(0));
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
