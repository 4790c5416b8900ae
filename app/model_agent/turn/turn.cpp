#include "app/model_agent/turn/turn.h"

#include "app/model_agent/serve/updates.h"
#include "app/model_agent/turn/instructions.h"
#include "core/protocol/models/model_failure.h"

#include <QDateTime>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

constexpr std::chrono::seconds lifeSign{5};

QString stopName(ModelStop reason)
{
    switch (reason) {
    case ModelStop::OutputLimit:
        return u"max_tokens"_s;
    case ModelStop::Refused:
        return u"refusal"_s;
    default:
        return u"end_turn"_s;
    }
}

ModelUsage sum(const ModelUsage &a, const ModelUsage &b)
{
    return {.input = a.input + b.input, .output = a.output + b.output, .cached = a.cached + b.cached};
}

ModelMessage fromPerson(const QString &text)
{
    return {.role = ModelRole::Person, .parts = {{.kind = ModelPartKind::Text, .text = text}}};
}

// Not before the provider said; nothing if that is better waited for without a process.
std::optional<std::chrono::milliseconds> pauseBefore(const ModelFailure &failure,
                                                     std::chrono::milliseconds usual)
{
    constexpr std::chrono::milliseconds longest{30'000};
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const std::chrono::milliseconds said(failure.resetAtMs.value_or(now) - now);
    return said > longest ? std::nullopt : std::optional(std::max(usual, said));
}

bool hasCalls(const ModelMessage &message)
{
    return std::ranges::find(message.parts, ModelPartKind::ToolCall, &ModelPart::kind) != message.parts.end();
}

} // namespace

Turn::Turn(const TurnContext &context, std::shared_ptr<Conversation> conversation)
    : m_context(context)
    , m_conversation(std::move(conversation))
    , m_name(u't' + QString::number(++m_conversation->turns))
{
}

void Turn::cancel()
{
    if (m_cancelled->exchange(true))
        return;
    if (m_interrupt)
        std::exchange(m_interrupt, {})();
}

Async<TurnEnd> Turn::run(std::shared_ptr<Turn> self, QString prompt)
{
    self->say(fromPerson(prompt));
    if (self->m_conversation->model.isEmpty()) {
        const auto found = co_await findModel(self);
        if (*self->m_cancelled)
            co_return self->ended(u"cancelled"_s);
        if (!found)
            co_return TurnEnd{.stop = {},
                              .failure = ModelFailure{.problem = ModelProblem::ModelUnavailable,
                                                      .message = found.error().detail},
                              .usage = {}};
        self->m_conversation->model = *found;
    }
    while (self->m_calls < self->m_context.options.maxCalls) {
        const auto end = co_await askModel(self);
        if (*self->m_cancelled || !end)
            co_return self->ended(u"cancelled"_s);
        if (end->failure)
            co_return TurnEnd{.stop = {}, .failure = end->failure, .usage = self->m_done};
        self->say(end->message);
        if (!hasCalls(end->message) || end->stopped.reason != ModelStop::ToolUse) {
            closeOpenCalls(self->m_conversation->messages, u"The answer ended before this could be done."_s);
            self->save();
            co_return self->ended(stopName(end->stopped.reason));
        }
        const auto results = co_await useTools(self, end->message);
        self->say(results.value_or(ModelMessage{}));
        if (*self->m_cancelled)
            co_return self->ended(u"cancelled"_s);
    }
    co_return self->ended(u"max_turn_requests"_s);
}

// The answer to what was said so far, over as many tries as are left.
Async<CallEnd> Turn::askModel(std::shared_ptr<Turn> self)
{
    const Options &options = self->m_context.options;
    // The same for all tries: what comes after a broken connection goes on in the middle of the text.
    self->m_messageId = u"%1.%2"_s.arg(self->m_name).arg(++self->m_calls);
    for (int attempt = 0;; ++attempt) {
        auto end = co_await askOnce(self);
        if (!end || !end->failure)
            co_return end;
        const ModelFailure failure = *end->failure;
        // Not every model has reasoning that can be sealed, and those that have not refuse to be asked for
        // it.
        const bool unsealed = failure.problem == ModelProblem::BadRequest && self->m_sealedReasoning &&
                              failure.message.contains("ncrypted content"_L1);
        if (unsealed)
            self->m_sealedReasoning = false;
        const auto pause = pauseBefore(failure, options.retryPause * (1 << std::min(attempt, 6)));
        const bool again = unsealed || (mayRetry(failure.problem) && pause && attempt < options.maxRetries);
        self->keepPartial(end->message, again);
        if (!again)
            co_return end;
        self->update(warningUpdate(u"model_retry"_s, failure.message));
        if (!unsealed && !co_await resultOf(self->pause(*pause)))
            co_return fail(ErrorCode::Cancelled);
    }
}

Async<CallEnd> Turn::askOnce(std::shared_ptr<Turn> self)
{
    const auto call =
        std::make_unique<ModelCall>(self->m_context.network, self->m_context.options, self->m_context.api,
                                    [turn = self.get()](const ModelEvent &event) { turn->tell(event); });
    self->m_now = {};
    self->m_interrupt = [call = call.get()] {
        call->abort();
    };
    auto end = co_await resultOf(call->start(self->question()));
    self->m_interrupt = {};
    self->m_done = sum(self->m_done, std::exchange(self->m_now, {}));
    if (*self->m_cancelled) {
        self->keepPartial(call->message(), false); // it was seen, so what is said next may be about it
        co_return fail(ErrorCode::Cancelled);
    }
    co_return end;
}

ModelQuestion Turn::question() const
{
    return {.model = m_conversation->model,
            .instructions = instructionsFor(m_conversation->folder),
            .tools = toolList(),
            .messages = m_conversation->messages,
            .sealedReasoning = m_sealedReasoning};
}

void Turn::tell(const ModelEvent &event)
{
    if (const auto *text = std::get_if<ModelText>(&event))
        update(textUpdate(u"agent_message_chunk"_s, m_messageId, text->text));
    else if (const auto *thought = std::get_if<ModelThinking>(&event))
        update(textUpdate(u"agent_thought_chunk"_s, m_messageId, thought->text));
    else if (const auto *usage = std::get_if<ModelUsage>(&event))
        tellUsage(m_now = *usage);
    // The input of a call can take long, and nothing of it is shown: that it comes is a sign of life.
    else if (std::holds_alternative<ModelToolInput>(event) &&
             (!m_toldUsage.isValid() || m_toldUsage.durationElapsed() > lifeSign))
        tellUsage(m_now);
}

void Turn::tellUsage(const ModelUsage &now)
{
    m_toldUsage.start();
    update(usageUpdate(sum(m_done, now)));
}

// What was said is said; calls that were not complete never were.
void Turn::keepPartial(const ModelMessage &message, bool goesOn)
{
    ModelMessage partial{.role = ModelRole::Model, .parts = {}};
    for (const ModelPart &part : message.parts) {
        if (part.kind == ModelPartKind::Text && !part.text.trimmed().isEmpty())
            partial.parts.push_back({.kind = ModelPartKind::Text, .text = part.text});
    }
    if (partial.parts.empty())
        return;
    say(partial);
    if (goesOn)
        say(fromPerson(u"The connection broke off in the middle of your answer. Go on exactly where it ends, "
                       "without repeating any of it."_s));
}

void Turn::say(const ModelMessage &message)
{
    if (message.parts.empty())
        return;
    m_conversation->messages.push_back(message);
    save();
}

void Turn::save()
{
    if (const Status saved = m_context.store.save(*m_conversation); !saved)
        update(warningUpdate(u"conversation_not_saved"_s, saved.error().detail));
}

TurnEnd Turn::ended(const QString &stop) const
{
    return {.stop = stop, .failure = {}, .usage = sum(m_done, m_now)};
}

QFuture<Result<bool>> Turn::pause(std::chrono::milliseconds time)
{
    const auto promise = std::make_shared<QPromise<Result<bool>>>();
    promise->start();
    const auto finish = [promise](const Result<bool> &result) {
        if (promise->future().isFinished())
            return;
        promise->addResult(result);
        promise->finish();
    };
    m_interrupt = [finish] {
        finish(fail(ErrorCode::Cancelled));
    };
    QTimer::singleShot(time, &m_context.network, [finish] { finish(true); });
    return promise->future();
}

} // namespace muster::model
