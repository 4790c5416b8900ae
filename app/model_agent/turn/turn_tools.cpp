// The tools of a turn: looked up, announced, allowed, done, told.
#include "app/model_agent/serve/updates.h"
#include "app/model_agent/tools/command_run.h"
#include "app/model_agent/turn/turn.h"

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

ModelPart resultOfCall(const ModelPart &call, const ToolAnswer &answer)
{
    return {.kind = ModelPartKind::ToolResult,
            .text = answer.text,
            .callId = call.callId,
            .tool = call.tool,
            .failed = answer.failed};
}

QString denial(const Permission &permission)
{
    return permission.message.isEmpty() ? u"The person did not allow this."_s
                                        : QString(u"The person did not allow this: "_s + permission.message);
}

ToolAnswer answerOf(const CommandResult &result, std::chrono::seconds limit)
{
    QString end = u"exit code %1"_s.arg(result.exitCode);
    if (result.timedOut)
        end = u"ended after %1 s, its time limit"_s.arg(limit.count());
    else if (result.stopped)
        end = u"stopped"_s;
    const QString output = result.output.trimmed().isEmpty() ? u"(no output)"_s : result.output;
    return {.failed = result.exitCode != 0 || result.timedOut || result.stopped,
            .text = output + u"\n("_s + end + u')'};
}

} // namespace

// One after the other, in the model's order: a later one may need what an earlier one did.
Async<ModelMessage> Turn::useTools(std::shared_ptr<Turn> self, ModelMessage said)
{
    ModelMessage results{.role = ModelRole::Person, .parts = {}};
    for (const ModelPart &call : std::as_const(said.parts)) {
        if (call.kind != ModelPartKind::ToolCall)
            continue;
        if (*self->m_cancelled) {
            results.parts.push_back(
                resultOfCall(call, {.failed = true, .text = u"Cancelled by the person."_s}));
            continue;
        }
        const auto result = co_await useTool(self, call);
        results.parts.push_back(
            result.value_or(resultOfCall(call, {.failed = true, .text = u"Cancelled by the person."_s})));
    }
    co_return results;
}

Async<ModelPart> Turn::useTool(std::shared_ptr<Turn> self, ModelPart call)
{
    const QString workspace = self->m_conversation->folder;
    const auto limit = self->m_context.options.commandLimit;
    const auto planned = co_await resultOf(
        onPool([workspace, call, limit]() -> Result<ToolPlan> { return planTool(workspace, call, limit); }));
    if (!planned)
        co_return std::unexpected(planned.error());
    const ToolPlan &plan = *planned;
    const QString id = u"%1.%2"_s.arg(self->m_name).arg(++self->m_tools);
    QJsonObject announced = toolCall(id, plan);
    announced.insert("sessionUpdate"_L1, "tool_call"_L1);
    self->update(announced);
    ToolAnswer answer{.failed = true, .text = plan.refusal};
    if (plan.refusal.isEmpty()) {
        auto permission = Result<Permission>(Permission{.allowed = true, .message = {}});
        if (plan.asks && !*self->m_cancelled)
            permission =
                co_await resultOf(self->m_context.client.ask(self->m_conversation->id, toolCall(id, plan)));
        if (*self->m_cancelled || !permission) {
            self->update(toolUpdate(id, u"failed"_s, u"Cancelled."_s));
            co_return fail(ErrorCode::Cancelled);
        }
        if (permission->allowed)
            answer = (co_await perform(self, id, plan))
                         .value_or(ToolAnswer{.failed = true, .text = u"Cancelled."_s});
        else
            answer.text = denial(*permission);
    }
    self->update(toolUpdate(id, answer.failed ? u"failed"_s : u"completed"_s, answer.text));
    co_return resultOfCall(call, answer);
}

Async<ToolAnswer> Turn::perform(std::shared_ptr<Turn> self, QString id, ToolPlan plan)
{
    self->update(toolUpdate(id, u"in_progress"_s));
    if (!plan.command.isEmpty())
        co_return co_await runCommand(self, id, plan);
    co_return co_await resultOf(onPool(
        [workspace = self->m_conversation->folder, plan, stop = self->m_cancelled]() -> Result<ToolAnswer> {
        return performFileTool(workspace, plan, *stop);
    }));
}

Async<ToolAnswer> Turn::runCommand(std::shared_ptr<Turn> self, QString id, ToolPlan plan)
{
    const auto run = std::make_unique<CommandRun>();
    QObject::connect(run.get(), &CommandRun::outputGrew, run.get(),
                     [turn = self.get(), id](const QString &output) {
        turn->update(toolUpdate(id, u"in_progress"_s, output));
    });
    self->m_interrupt = [run = run.get()] {
        run->stop();
    };
    const auto result = co_await resultOf(run->start(plan.command, self->m_conversation->folder, plan.limit));
    self->m_interrupt = {};
    if (!result)
        co_return ToolAnswer{.failed = true, .text = u"Cannot be started: "_s + result.error().detail};
    co_return answerOf(*result, plan.limit);
}

} // namespace muster::model
