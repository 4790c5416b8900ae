#include "core/viewmodel/account_list_model.h"

#include "core/viewmodel/describe_runtime.h"

#include <QDateTime>
#include <QPointer>

using namespace Qt::StringLiterals;

namespace muster {

AccountListModel::AccountListModel(NodeFeed *feed, QObject *parent)
    : RowsModel(parent)
    , m_feed(feed)
{
}

void AccountListModel::setRuntime(const api::RuntimeInfo &runtime)
{
    const auto name = [](const api::AccountInfo &account) {
        return account.name;
    };
    if (m_runtime.id != runtime.id)
        setRows({}, name); // no row of one runtime is another's
    m_runtime = runtime;
    setRows(runtime.accounts, name);
}

bool AccountListModel::canHaveMore() const
{
    return !m_runtime.keys.isEmpty() || !m_runtime.homeVariable.isEmpty();
}

void AccountListModel::add(api::AddAccount account, QObject *context,
                           std::function<void(const Result<QString> &)> done)
{
    account.runtime = m_runtime.id;
    m_feed->node().submit(account, this,
                          [this, name = account.name, asker = QPointer(context),
                           done = std::move(done)](const Result<api::CommandDone> &answer) {
        const auto folder = answer.transform([](const api::CommandDone &made) { return made.list.value(0); });
        if (folder) {
            emit added(name, *folder);
            emit changed();
        }
        if (asker)
            done(folder);
    });
}

void AccountListModel::remove(const QString &name)
{
    m_feed->node().submit(api::RemoveAccount{.runtime = m_runtime.id, .name = name}, this,
                          [this, name](const Result<api::CommandDone> &done) {
        if (done)
            emit removed(name, done->list.value(0));
        else if (done.error().code != ErrorCode::NotFound) // removed elsewhere: as wished
            emit refused(done.error());
        emit changed();
    });
}

QVariant AccountListModel::data(const QModelIndex &index, int role) const
{
    const api::AccountInfo *account = rowAt(index.row());
    if (!account)
        return {};
    if (role == Qt::DisplayRole)
        return describeAccount(account->name);
    if (role == Qt::AccessibleTextRole)
        return QString(describeAccount(account->name) % u", "_s %
                       describeAccountState(*account, QDateTime::currentMSecsSinceEpoch()));
    return {};
}

} // namespace muster
