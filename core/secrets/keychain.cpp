#include "core/secrets/keychain.h"

#include "core/secrets/secret_service.h"

#include <QPromise>
#include <QTimer>
#include <qt6keychain/keychain.h>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

Error toError(const QKeychain::Job &job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {.code = ErrorCode::NotFound, .detail = job.key(), .where = u"secret"_s};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
    case QKeychain::CouldNotDeleteEntry:
        return {.code = ErrorCode::PermissionDenied, .detail = job.errorString(), .where = u"keychain"_s};
    default:
        return {.code = ErrorCode::Unavailable, .detail = job.errorString(), .where = u"keychain"_s};
    }
}

Result<QString> resultOf(const QKeychain::Job &job)
{
    if (job.error() != QKeychain::NoError)
        return std::unexpected(toError(job));
    if (const auto *reading = qobject_cast<const QKeychain::ReadPasswordJob *>(&job))
        return reading->textData();
    return job.key();
}

} // namespace

Keychain::Keychain(QString service, std::chrono::milliseconds limit, QObject *parent)
    : QObject(parent)
    , m_service(std::move(service))
    , m_limit(limit)
{
}

QFuture<Result<QString>> Keychain::read(const QString &name)
{
    return run(new QKeychain::ReadPasswordJob(m_service), name);
}

QFuture<Result<QString>> Keychain::write(const QString &name, const QString &value)
{
    auto *job = new QKeychain::WritePasswordJob(m_service);
    job->setTextData(value);
    return run(job, name);
}

QFuture<Result<QString>> Keychain::remove(const QString &name)
{
    return run(new QKeychain::DeletePasswordJob(m_service), name);
}

// The job deletes itself when it is done. One that is late stays until then: the system's answer would else
// come to an object that is gone.
QFuture<Result<QString>> Keychain::run(QKeychain::Job *job, const QString &name)
{
    const auto promise = std::make_shared<QPromise<Result<QString>>>();
    promise->start();
    auto *late = new QTimer(this);
    const auto answer = [promise, late](const Result<QString> &result) {
        if (promise->future().isFinished())
            return;
        late->deleteLater();
        promise->addResult(result);
        promise->finish();
    };
    connect(job, &QKeychain::Job::finished, this, [this, answer](const QKeychain::Job *done) {
        const Result<QString> result = resultOf(*done);
        // In a locked keyring nothing is found, and nothing is removed.
        const bool removed = result && qobject_cast<const QKeychain::DeletePasswordJob *>(done);
        if (!removed && (result || result.error().code != ErrorCode::NotFound)) {
            answer(result);
            return;
        }
        lookForLocked(m_service, done->key(), this, [answer, result](bool locked) {
            answer(locked ? fail(ErrorCode::PermissionDenied, u"locked"_s, u"keychain"_s) : result);
        });
    });
    connect(late, &QTimer::timeout, this, [answer] { answer(fail(ErrorCode::Timeout, {}, u"keychain"_s)); });
    late->setSingleShot(true);
    late->start(m_limit);
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    job->setKey(name);
    job->start();
    return promise->future();
}

} // namespace muster
