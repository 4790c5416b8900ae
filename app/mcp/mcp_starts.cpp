// start_run: what came of it, said so that an agent knows how to go on.
#include "app/cli/json_output.h"
#include "app/mcp/mcp_calls.h"

namespace muster::app {

using namespace Qt::StringLiterals;

void McpCalls::startRun(const QJsonObject &arguments, const Answer &answer)
{
    const api::StartRun start{.project = projectOf(arguments),
                              .flow = arguments.value(u"flow"_s).toString(),
                              .inputs = arguments.value(u"inputs"_s).toObject(),
                              .runtime = arguments.value(u"runtime"_s).toString()};
    m_node.submit(start, this, [this, answer](const Result<api::CommandDone> &done) {
        if (!done) {
            answer({.error = inWords(done.error())});
        } else if (done->refs.run.isValid()) {
            const bool existing = done->list.contains(u"existing"_s);
            tellRun(done->refs.run, {{u"state"_s, existing ? u"existing"_s : u"started"_s}}, answer);
        } else {
            answer({.value = {{u"state"_s, u"waiting_for_person"_s},
                              {u"inbox"_s, done->refs.inbox.value},
                              {u"next"_s,
                               u"The person has been asked and may answer at any time. Do not wait: say "
                               "that you have asked. The same call later tells how it stands."_s}}});
        }
    });
}

void McpCalls::tellRun(RunId run, const QJsonObject &said, const Answer &answer)
{
    ask(api::GetRun{.run = run}, answer, [said](const api::RunDetail &detail) {
        QJsonObject json = said;
        json.insert(u"run"_s, runJson(detail.run));
        return json;
    });
}

} // namespace muster::app
