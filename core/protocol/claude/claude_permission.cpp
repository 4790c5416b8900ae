#include "core/protocol/claude/claude_permission.h"

#include "core/protocol/claude/claude_tools.h"
#include "core/protocol/unified_diff.h"

#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxQuestions = 16;
constexpr qsizetype maxChoices = 32;

QString diffOf(const QString &path, const QJsonObject &input)
{
    if (const QJsonValue content = input.value("content"_L1); content.isString())
        return unifiedDiff(path, {}, content.toString());
    if (const QJsonValue source = input.value("new_source"_L1); source.isString())
        return unifiedDiff(path, {}, source.toString());
    const QJsonArray edits = input.value("edits"_L1).toArray();
    if (edits.isEmpty())
        return unifiedDiff(path, input.value("old_string"_L1).toString(),
                           input.value("new_string"_L1).toString());
    QString diff;
    for (const auto &edit : edits)
        diff += unifiedDiff(path, edit["old_string"_L1].toString(), edit["new_string"_L1].toString());
    return diff;
}

} // namespace

PermissionRequested claudePermission(const QJsonObject &request)
{
    const QString name = request.value("tool_name"_L1).toString();
    const QJsonObject input = request.value("input"_L1).toObject();
    PermissionRequested asked;
    asked.toolId = request.value("tool_use_id"_L1).toString();
    asked.title = claudeToolTitle(name, input);
    asked.kind = claudeToolKind(name);
    asked.paths = claudeToolPaths(input);
    if (const QString blocked = request.value("blocked_path"_L1).toString();
        !blocked.isEmpty() && !asked.paths.contains(blocked))
        asked.paths.append(blocked);
    if (asked.kind == ToolKind::Execute)
        asked.command = input.value("command"_L1).toString();
    if (asked.kind == ToolKind::Edit)
        asked.diff = diffOf(asked.paths.value(0), input);
    asked.options = {{.id = u"allow"_s, .label = u"Allow"_s, .kind = PermissionOptionKind::AllowOnce},
                     {.id = u"deny"_s, .label = u"Deny"_s, .kind = PermissionOptionKind::RejectOnce}};
    return asked;
}

std::vector<QuestionAsked> claudeQuestions(const QJsonObject &request)
{
    const QString name = request.value("tool_name"_L1).toString();
    if (name != "AskUserQuestion"_L1 && name != "ask_user_question"_L1)
        return {};
    std::vector<QuestionAsked> questions;
    const QJsonArray items = request.value("input"_L1)["questions"_L1].toArray();
    for (qsizetype i = 0; i < std::min(items.size(), maxQuestions); ++i) {
        const QJsonObject item = items.at(i).toObject();
        QuestionAsked question{
            .requestId = {}, .text = item.value("question"_L1).toString(), .choices = {}, .details = {}};
        const QJsonArray options = item.value("options"_L1).toArray();
        for (qsizetype j = 0; j < std::min(options.size(), maxChoices); ++j) {
            question.choices.append(options.at(j)["label"_L1].toString());
            question.details.append(options.at(j)["description"_L1].toString());
        }
        question.several = item.value("multiSelect"_L1).toBool() && !question.choices.isEmpty();
        questions.push_back(std::move(question));
    }
    return questions;
}

QJsonObject claudeAllow(const QJsonObject &input)
{
    return {{"behavior"_L1, "allow"_L1}, {"updatedInput"_L1, input}};
}

QJsonObject claudeDeny(const QString &message)
{
    return {{"behavior"_L1, "deny"_L1},
            {"message"_L1, message.isEmpty() ? u"The user said no."_s : message},
            {"interrupt"_L1, false}};
}

} // namespace muster
