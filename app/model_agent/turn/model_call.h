// ModelCall: one question to a provider over HTTP and the stream of its answer. No retries, no limits of
// time: silence is for the node's watchdog. Redirections are not followed, so that a key goes nowhere else.
// Main thread; the call must outlive its future.
#pragma once

#include "app/model_agent/serve/options.h"
#include "core/protocol/models/model_stream.h"

#include <QFuture>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>

#include <functional>

namespace muster::model {

struct CallEnd {
    ModelMessage message; // as far as it came
    ModelStopped stopped;
    std::optional<ModelFailure> failure; // set: it did not stop well
};

class ModelCall final : public QObject {
    Q_OBJECT
public:
    using Tell = std::function<void(const ModelEvent &)>;

    ModelCall(QNetworkAccessManager &network, const Options &options, const ModelApi &api, Tell tell);
    ~ModelCall() override;
    Q_DISABLE_COPY_MOVE(ModelCall)

    // Once. Error{Cancelled} after abort().
    QFuture<Result<CallEnd>> start(const ModelQuestion &question);
    void abort();
    [[nodiscard]] const ModelMessage &message() const { return m_stream.message(); } // as far as it came

private:
    void read();
    void replied();
    void takeAll(const ModelEvents &events);
    void fail(const ModelFailure &failure);
    void finish(Result<CallEnd> end);
    [[nodiscard]] int status() const;
    [[nodiscard]] ModelFailure refusal();
    [[nodiscard]] bool isStream() const;

    QNetworkAccessManager &m_network;
    const Options &m_options;
    const ModelApi &m_api;
    Tell m_tell;
    ModelStream m_stream;
    CallEnd m_end;
    bool m_isDone = false;
    QPromise<Result<CallEnd>> m_promise;
    QPointer<QNetworkReply> m_reply;
};

// The request of a path below the provider's address, with its key.
[[nodiscard]] QNetworkRequest requestTo(const Options &options, const ModelApi &api, const QString &path);

} // namespace muster::model
