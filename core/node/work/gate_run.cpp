#include "core/node/work/gate_run.h"

#include "core/base/redactor.h"
#include "core/process/environment_filter.h"

#include <QProcessEnvironment>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 tailBytes = 16 * 1024;
constexpr qint64 keptBytes = 1024 * 1024;

} // namespace

GateRun::GateRun(GuardClient &guards, QObject *parent)
    : QObject(parent)
    , m_guards(guards)
{
    connect(&m_guards, &GuardClient::outputBytes, this, [this](const QString &key, const QByteArray &bytes) {
        const QString text = key == m_key ? QString(m_decoder.decode(bytes)) : QString();
        if (!text.isEmpty())
            emit said(m_mask.add(text));
    });
    connect(&m_guards, &GuardClient::finished, this, [this](const QString &key, const GuardResult &result) {
        if (key == m_key)
            settle(result);
    });
    connect(&m_guards, &GuardClient::lost, this, [this](const QString &key) {
        if (key == m_key)
            settle(fail(ErrorCode::LaunchFailed, u"the command's end is not known"_s, key));
    });
}

QFuture<Result<GuardResult>> GateRun::ended()
{
    m_end = std::make_shared<QPromise<Result<GuardResult>>>();
    m_end->start();
    return m_end->future();
}

void GateRun::settle(const Result<GuardResult> &result)
{
    m_key.clear();
    if (const auto end = std::exchange(m_end, nullptr)) {
        end->addResult(result);
        end->finish();
    }
}

void GateRun::stop()
{
    if (!m_key.isEmpty())
        (void)m_guards.stop(m_key);
}

Async<bool> GateRun::clear(QString key)
{
    const GuardState state = m_guards.find(key);
    if (std::holds_alternative<GuardUnknown>(state))
        co_return true;
    if (!std::holds_alternative<GuardFinished>(state)) {
        m_key = key;
        const auto end = ended();
        if (const Status watched = m_guards.watch(key); !watched)
            co_return std::unexpected(watched.error());
        (void)m_guards.stop(key);
        (void)co_await resultOf(end);
    }
    if (const Status removed = m_guards.remove(key); !removed)
        co_return std::unexpected(removed.error());
    co_return true;
}

Async<GateEnd> GateRun::run(QString key, QString folder, QString command, qint64 timeoutMs)
{
    const auto cleared = co_await clear(key);
    if (!cleared)
        co_return std::unexpected(cleared.error());
    m_key = key;
    const auto end = ended();
    const Status begun =
        m_guards.start({.key = key,
                        .cwd = folder,
                        .command = {u"/bin/sh"_s, u"-c"_s, command},
                        .env = filterEnvironment(QProcessEnvironment::systemEnvironment().toStringList()),
                        .timeoutMs = timeoutMs});
    if (!begun) {
        settle(std::unexpected(begun.error()));
        co_return std::unexpected(begun.error());
    }
    const auto result = co_await resultOf(end);
    if (!result)
        co_return std::unexpected(result.error());
    emit said(m_mask.finish());
    QString output;
    if (const auto bytes = m_guards.output(key, keptBytes))
        output = Redactor::global().redactKnown(QString::fromUtf8(bytes->right(tailBytes)));
    (void)m_guards.remove(key);
    co_return GateEnd{.result = *result, .output = output};
}

} // namespace muster
