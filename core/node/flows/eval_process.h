// ExpressionEvaluator over a warm `muster-eval` child: one request at a time, killed when its answer is late
// or its output is not the protocol's, started again for the next. A request whose evaluator died for
// another's sake is sent again. Core thread. Protocol: core/flow/eval_protocol.h.
#pragma once

#include "core/flow/expression_evaluator.h"
#include "core/process/pipe_process.h"
#include "core/protocol/line_framer.h"

#include <QObject>
#include <QTimer>

#include <deque>

namespace muster {

class EvalProcess final : public QObject, public ExpressionEvaluator {
    Q_OBJECT
public:
    explicit EvalProcess(QString program, QObject *parent = nullptr);

    void evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done) override;

private:
    struct Job {
        EvaluationRequest request;
        std::function<void(Result<QJsonArray>)> done;
        int crashes = 0;
    };

    void next();
    void launch();
    void onLine(const QByteArray &line);
    void onGone();
    void onLate();
    void endCurrent(Result<QJsonArray> result);

    QString m_program;
    PipeProcess *m_process = nullptr;
    LineFramer m_framer;
    std::deque<Job> m_jobs; // the front one is under way when m_busy
    bool m_ready = false;
    bool m_busy = false;
    qint64 m_id = 0;
    QTimer m_late;
    QTimer m_slowStart;
};

} // namespace muster
