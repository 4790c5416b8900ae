// GateRun: one command after the other under muster-guard, in a folder, each with a time limit. What an
// earlier node has left running under the same key is ended first. Core thread.
#pragma once

#include "core/base/async.h"
#include "core/base/stream_redactor.h"
#include "core/process/guard_client.h"

#include <QObject>
#include <QStringDecoder>

namespace muster {

struct GateEnd {
    GuardResult result;
    QString output; // the end of it, without secrets
};

class GateRun final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    explicit GateRun(GuardClient &guards, QObject *parent = nullptr);

    // LaunchFailed.
    [[nodiscard]] Async<GateEnd> run(QString key, QString folder, QString command, qint64 timeoutMs);
    // Ends what is left under the key, and forgets it.
    [[nodiscard]] Async<bool> clear(QString key);
    void stop();

signals:
    void said(const QString &text);

private:
    [[nodiscard]] QFuture<Result<GuardResult>> ended();
    void settle(const Result<GuardResult> &result);

    GuardClient &m_guards;
    QString m_key; // of what runs; empty: nothing
    std::shared_ptr<QPromise<Result<GuardResult>>> m_end;
    QStringDecoder m_decoder{QStringDecoder::Utf8};
    StreamRedactor m_mask;
};

} // namespace muster
