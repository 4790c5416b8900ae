// What Pi's extensions ask in PiAdapter: our gate for permissions, any other for what it likes.
#include "core/protocol/pi/pi_adapter.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

QJsonObject cancelled(const QString &id)
{
    return {{"type"_L1, "extension_ui_response"_L1}, {"id"_L1, id}, {"cancelled"_L1, true}};
}

QJsonObject chosen(const QString &id, const QString &value)
{
    return {{"type"_L1, "extension_ui_response"_L1}, {"id"_L1, id}, {"value"_L1, value}};
}

QJsonObject confirmed(const QString &id, bool yes)
{
    return {{"type"_L1, "extension_ui_response"_L1}, {"id"_L1, id}, {"confirmed"_L1, yes}};
}

bool wantsAnswer(const QString &method)
{
    return method == "select"_L1 || method == "confirm"_L1 || method == "input"_L1 || method == "editor"_L1;
}

} // namespace

void PiAdapter::takeUiRequest(const QJsonObject &event)
{
    const QString id = event.value("id"_L1).toString();
    const QString method = event.value("method"_L1).toString();
    const QString title = event.value("title"_L1).toString();
    if (method == "setStatus"_L1 && event.value("statusKey"_L1).toString() == "muster-gate"_L1)
        m_gateSeen = true;
    if (!wantsAnswer(method)) {
        if (method == "notify"_L1)
            warn(u"agent_note"_s, event.value("message"_L1).toString());
        return;
    }
    if (const auto gate = method == "select"_L1 ? readGateTitle(title) : std::nullopt)
        return askGate(id, *gate);
    askOther(id, method, event);
}

// "confirm" is answered with a truth, the rest with a text.
void PiAdapter::askOther(const QString &id, const QString &method, const QJsonObject &event)
{
    const QString title = event.value("title"_L1).toString();
    const QString message = event.value("message"_L1).toString();
    const bool confirms = method == "confirm"_L1;
    QuestionAsked question{.requestId = {},
                           .text = message.isEmpty() ? title : QString(title + u'\n' + message)};
    const QJsonArray options = event.value("options"_L1).toArray();
    for (const auto &option : options)
        question.choices.append(option.toString());
    if (confirms)
        question.choices = {u"Yes"_s, u"No"_s};
    askQuestion(question, [this, id, confirms](const QuestionAnswer *answer) {
        if (!answer || !answer->given)
            return send(cancelled(id));
        send(confirms ? confirmed(id, answer->text == "Yes"_L1) : chosen(id, answer->text));
    });
}

void PiAdapter::askGate(const QString &id, const PiGateRequest &gate)
{
    const QString toolId = toolAskedAbout(gate);
    askPermission(readGateRequest(gate, toolId), [this, id](const PermissionAnswer *answer) {
        if (!answer)
            return send(cancelled(id));
        if (answer->allowed)
            return send(chosen(id, u"Allow"_s));
        send(chosen(id, answer->message.isEmpty() ? u"Deny"_s : QString(u"Deny: " + answer->message)));
    });
}

// The gate does not say which call it asks about: it is the first open one of that name and those arguments
// that was not asked about yet.
QString PiAdapter::toolAskedAbout(const PiGateRequest &gate)
{
    for (const QString &id : tools().openIds()) {
        if (m_askedTools.contains(id) || tools().find(id)->input != gate.arguments ||
            tools().find(id)->title != piTool(id, gate.tool, gate.arguments).title)
            continue;
        m_askedTools.insert(id);
        return id;
    }
    return {};
}

} // namespace muster
