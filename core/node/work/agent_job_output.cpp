// An answer that is to be JSON: looked at before its turn counts as done, and asked for once more, in the
// same session, where it is none or does not fit its schema.
#include "core/flow/json_schema.h"
#include "core/node/work/agent_job.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const QString askedAgain = u"Answer again, with the JSON only: no other words before or after it.\n\n"_s;

// For the agent.
QString repairPrompt(const QString &fault)
{
    const QStringList parts = fault.split(u'\t');
    if (parts.size() < 4)
        return askedAgain + u"The last answer held no JSON."_s;
    QString text =
        askedAgain + u"The last answer does not fit the schema at "_s + parts.at(1) + u": "_s + parts.at(2);
    if (!parts.at(3).isEmpty())
        text += u"\nExpected there: "_s + parts.at(3);
    return text;
}

} // namespace

void AgentJob::endTurn(const TurnFinished &finished)
{
    if (m_data.output == "json"_L1 && finished.outcome == TurnOutcome::Completed && !m_stopReason) {
        (void)judgeAnswer(finished); // goes on by itself
        return;
    }
    recordTurn(finished);
    onTurnFinished(finished);
}

Async<bool> AgentJob::judgeAnswer(TurnFinished finished)
{
    m_judging = true;
    m_silence.stop();
    const auto fault =
        co_await resultOf(onPool([text = m_answer.text(), schema = m_data.schema]() -> Result<QString> {
        return outputFault(text, schema);
    }));
    m_judging = false;
    m_outputFault = fault ? *fault : fault.error().detail;
    if (!m_outputFault.isEmpty() && !m_repaired && !m_endedMeanwhile && !m_stopReason) {
        askForRepair(finished);
        co_return false;
    }
    recordTurn(finished);
    if (m_endedMeanwhile) {
        m_finished = finished;
        onSessionEnded(*std::exchange(m_endedMeanwhile, {}));
    } else {
        onTurnFinished(finished);
    }
    co_return true;
}

// A turn of the same attempt: what it uses is added, and only its answer counts.
void AgentJob::askForRepair(const TurnFinished &finished)
{
    m_repaired = true;
    m_context.ledger.commit(
        this, [refs = refs(), finished, fault = m_outputFault](Connection &, EventBatch &log) -> Status {
        const SessionEvent event(finished);
        log.add(kindOf(event), refs, u"agent:"_s + refs.session.toString(), toJson(event));
        log.add(u"session.output_repair"_s, refs, u"node"_s, {{u"detail"_s, fault}});
        return {};
    });
    m_task.spent = used();
    m_outcome.usage = {};
    m_answer = {};
    m_silence.start(static_cast<int>(m_context.stallMs()));
    if (const Status sent = m_session->prompt({.text = repairPrompt(m_outputFault), .attachments = {}});
        !sent)
        m_session->stop(FailureReason::RuntimeError, sent.error().detail);
    m_outputFault.clear();
}

} // namespace muster
