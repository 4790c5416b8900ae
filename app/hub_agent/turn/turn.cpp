#include "app/hub_agent/turn/turn.h"

#include "app/hub_agent/serve/updates.h"
#include "core/protocol/paseo/paseo_transcript.h"

#include <QPromise>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace muster::hub {

namespace {

constexpr auto usual = 30s;
constexpr auto toMakeAnAgent = 120s;
constexpr auto toStop = 10s;
constexpr int toSettle = 3; // seconds, after an agent was told to stop
constexpr auto recheck = 250ms;
constexpr qsizetype longestTitle = 60;

QString titleOf(const QString &prompt)
{
    const QString line = prompt.trimmed().section(u'\n', 0, 0);
    return u"Muster: "_s + (line.size() > longestTitle ? QString(line.left(longestTitle) + u'…') : line);
}

TurnEnd failed(const Error &error) { return {.stop = {}, .failure = error, .usage = {}}; }

QFuture<Result<bool>> pause(std::chrono::milliseconds time)
{
    const auto promise = std::make_shared<QPromise<Result<bool>>>();
    promise->start();
    QTimer::singleShot(time, [promise] {
        promise->addResult(true);
        promise->finish();
    });
    return promise->future();
}

} // namespace

Turn::Turn(const TurnContext &context, std::shared_ptr<HubSession> session)
    : m_context(context)
    , m_session(std::move(session))
{
    ++m_session->turns;
}

void Turn::cancel()
{
    m_cancelled = true;
    if (m_asking)
        m_asking->stop();
}

void Turn::warn(const QString &code, const QString &message) { update(warningUpdate(code, message)); }

void Turn::save()
{
    if (const Status saved = m_context.store.save(*m_session); !saved)
        warn(u"session_not_saved"_s, saved.error().detail);
}

Async<QByteArray> Turn::call(std::shared_ptr<Turn> self, QStringList arguments, Kind kind,
                             std::chrono::milliseconds limit)
{
    HubCommand command{.program = self->m_context.options.program,
                       .arguments = arguments,
                       .folder = self->m_session->folder,
                       .limit = limit,
                       .running = {}};
    if (kind == Kind::Asking)
        command.running = [self](HubProcess *process) {
            self->m_asking = process;
        };
    co_return co_await askHub(command);
}

Async<TurnEnd> Turn::run(std::shared_ptr<Turn> self, QString prompt)
{
    const auto given = co_await give(self, prompt);
    if (!given && self->m_cancelled)
        co_return TurnEnd{.stop = u"cancelled"_s, .failure = {}, .usage = {}};
    if (!given) {
        // It may have been heard all the same.
        if (given.error().code == ErrorCode::Timeout && !self->m_session->agent.isEmpty())
            (void)co_await stopAgent(self);
        co_return failed(given.error());
    }
    self->m_live =
        std::make_unique<LiveOutput>(u"h%1"_s.arg(self->m_session->turns), prompt, self->m_earlier,
                                     [turn = self.get()](const QJsonObject &u) { turn->update(u); });
    if (!self->m_cancelled)
        self->m_live->start(self->m_context.options.program, self->m_session->agent, self->m_session->folder);
    const auto settled = co_await settle(self);
    if (self->m_cancelled) {
        self->m_live->stop();
        (void)co_await stopAgent(self);
        co_return TurnEnd{.stop = u"cancelled"_s, .failure = {}, .usage = {}};
    }
    // The hub may go on with it, so that it is told not to.
    if (!settled && settled.error().where != u"settled") {
        self->m_live->stop();
        (void)co_await stopAgent(self);
        co_return failed(settled.error());
    }
    (void)co_await tellRest(self, prompt);
    TurnEnd end{.stop = u"end_turn"_s, .failure = {}, .usage = {}};
    if (!settled)
        end = failed(settled.error());
    if (const auto usage = co_await lookUpUsage(self))
        end.usage = *usage;
    co_return end;
}

Async<bool> Turn::give(std::shared_ptr<Turn> self, QString prompt)
{
    HubSession &session = *self->m_session;
    if (!session.agent.isEmpty()) {
        const auto before = co_await call(self, messagesArguments(session.agent), Kind::Asking, usual);
        if (!before)
            co_return std::unexpected(before.error());
        self->m_earlier = timesAsked(QString::fromUtf8(*before), prompt);
        const auto sent = co_await call(self, sendArguments(session.agent, prompt), Kind::Deed, usual);
        self->save();
        co_return sent.transform([](const QByteArray &) { return true; });
    }
    co_return co_await makeAgent(self, prompt);
}

// Not stopped by a cancelled turn: an agent whose id is not known could not be stopped.
Async<bool> Turn::makeAgent(std::shared_ptr<Turn> self, QString prompt)
{
    HubSession &session = *self->m_session;
    const NewAgent agent{.provider = session.model,
                         .mode = self->m_context.options.mode,
                         .folder = session.folder,
                         .label = labelOf(session),
                         .title = titleOf(prompt),
                         .prompt = prompt};
    const auto made = co_await call(self, runArguments(agent), Kind::Deed, toMakeAnAgent);
    const auto progress = made ? readPaseoProgress(*made) : std::unexpected(made.error());
    if (progress) {
        session.agent = progress->agentId;
        self->save();
        co_return true;
    }
    // It may have been made all the same.
    const bool isUnknown =
        progress.error().code == ErrorCode::Timeout || progress.error().code == ErrorCode::Protocol;
    const HubCommand command{
        .program = self->m_context.options.program, .arguments = {}, .folder = session.folder, .running = {}};
    const auto found = isUnknown ? co_await findAgent(command, labelOf(session)) : Result<QString>(QString());
    if (found && !found->isEmpty()) {
        session.agent = *found;
        self->save();
        (void)co_await stopAgent(self);
    }
    co_return std::unexpected(progress.error());
}

// Until the agent is idle. An error that the agent itself ended with is marked "settled".
Async<bool> Turn::settle(std::shared_ptr<Turn> self)
{
    while (!self->m_cancelled) {
        const auto waited = co_await call(self, waitArguments(self->m_session->agent), Kind::Asking, 0ms);
        if (!waited)
            co_return std::unexpected(waited.error());
        const auto progress = readPaseoProgress(*waited);
        if (!progress)
            co_return std::unexpected(progress.error());
        if (progress->status == u"idle")
            co_return true;
        if (progress->status == u"permission") {
            if (const auto answered = co_await answerPermission(self); !answered)
                co_return std::unexpected(answered.error());
        } else if (progress->status == u"error") {
            co_return fail(ErrorCode::Internal, progress->message, u"settled"_s);
        } else if (progress->status != u"timeout") {
            co_return fail(ErrorCode::Protocol, u"wait: "_s + progress->status);
        }
    }
    co_return fail(ErrorCode::Cancelled);
}

// One of what it waits for. Where one id begins with another the hub takes either for the other, so the
// longest comes first.
Async<PaseoPermission> Turn::nextPermission(std::shared_ptr<Turn> self)
{
    const QString agentId = self->m_session->agent;
    const auto inspected =
        co_await call(self, {u"inspect"_s, u"--json"_s, u"--"_s, agentId}, Kind::Asking, usual);
    if (!inspected)
        co_return std::unexpected(inspected.error());
    const auto agent = readPaseoAgent(*inspected);
    if (!agent)
        co_return std::unexpected(agent.error());
    if (agent->permissions.empty())
        co_return PaseoPermission{};
    PaseoPermission found = *std::ranges::max_element(
        agent->permissions, {}, [](const PaseoPermission &permission) { return permission.id.size(); });
    // Only the list has words, and of older ones only the beginning of the id.
    const auto listed = co_await call(self, {u"permit"_s, u"ls"_s, u"--json"_s}, Kind::Asking, usual);
    const auto all = listed ? readPaseoPermissions(*listed) : fail(ErrorCode::NotFound);
    if (!all)
        co_return found;
    const auto words = std::ranges::find_if(*all, [&](const PaseoPermission &one) {
        return one.agentId == agent->id && one.tool == found.tool && found.id.startsWith(one.id);
    });
    if (words != all->end())
        found.description = words->description;
    co_return found;
}

Async<bool> Turn::answerPermission(std::shared_ptr<Turn> self)
{
    const auto wanted = co_await nextPermission(self);
    if (!wanted)
        co_return std::unexpected(wanted.error());
    if (wanted->id.isEmpty())
        co_return co_await resultOf(pause(recheck)); // answered elsewhere, just now
    const auto permission =
        co_await resultOf(self->m_context.client.ask(self->m_session->id, questionOf(*wanted)));
    if (self->m_cancelled)
        co_return fail(ErrorCode::Cancelled);
    if (!permission)
        co_return std::unexpected(permission.error());
    const QString &agent = self->m_session->agent;
    const auto answered =
        co_await call(self,
                      permission->allowed ? allowArguments(agent, wanted->id)
                                          : denyArguments(agent, wanted->id, permission->message),
                      Kind::Deed, usual);
    if (!answered && answered.error().code != ErrorCode::NotFound)
        co_return std::unexpected(answered.error());
    if (!answered)
        self->warn(u"answered_elsewhere"_s, wanted->tool);
    self->update(toolUpdate(questionIdOf(*wanted), permission->allowed ? u"completed"_s : u"failed"_s));
    co_return true;
}

Async<bool> Turn::stopAgent(std::shared_ptr<Turn> self)
{
    const QString agent = self->m_session->agent;
    const auto stopped = co_await call(self, {u"stop"_s, u"--json"_s, u"--"_s, agent}, Kind::Deed, toStop);
    if (!stopped && stopped.error().code == ErrorCode::NotFound)
        co_return true;
    if (!stopped) {
        self->warn(u"still_running"_s, stopped.error().detail);
        co_return false;
    }
    const auto waited = co_await call(self, waitArguments(agent, toSettle), Kind::Deed, toStop);
    const auto progress = waited ? readPaseoProgress(*waited) : std::unexpected(waited.error());
    const bool isOver = progress && progress->status != u"timeout" && progress->status != u"permission";
    if (!isOver)
        self->warn(u"still_running"_s, agent);
    co_return isOver;
}

Async<bool> Turn::tellRest(std::shared_ptr<Turn> self, QString prompt)
{
    const auto said = co_await call(self, messagesArguments(self->m_session->agent), Kind::Asking, usual);
    self->m_live->stop();
    if (!said) {
        self->warn(u"answer_not_checked"_s, said.error().detail);
        co_return false;
    }
    const QString answer = answerIn(QString::fromUtf8(*said), prompt);
    const QString told = self->m_live->told();
    const auto rest = restAfter(told, answer);
    if (!rest)
        self->warn(u"answer_told_again"_s, self->m_session->agent);
    const QString text = rest.value_or(answer);
    const QString message = rest && !told.isEmpty() ? self->m_live->messageId()
                                                    : QString(u"h%1.answer"_s.arg(self->m_session->turns));
    if (!text.isEmpty())
        self->update(textUpdate(u"agent_message_chunk"_s, message, text));
    co_return true;
}

Async<PaseoUsage> Turn::lookUpUsage(std::shared_ptr<Turn> self)
{
    const auto inspected = co_await call(self, {u"inspect"_s, u"--json"_s, u"--"_s, self->m_session->agent},
                                         Kind::Asking, usual);
    if (!inspected)
        co_return std::unexpected(inspected.error());
    const auto agent = readPaseoAgent(*inspected);
    if (!agent || !agent->usage)
        co_return fail(ErrorCode::NotFound);
    if (agent->usage->costUsd > 0) {
        self->m_session->costUsd += agent->usage->costUsd;
        self->save();
        self->update(costUpdate(self->m_session->costUsd));
    }
    co_return *agent->usage;
}

} // namespace muster::hub
