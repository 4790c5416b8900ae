#include "core/flow/kind_reader.h"

#include "core/flow/delay_time.h"

#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostRounds = 100;

void readWork(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    draft.step.text = readFilledText(file, node, path, draft.references);
}

void readScriptKind(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    const auto code = readText(file, node, path);
    if (code && code->trimmed().isEmpty())
        file.add(FlowProblemCode::EmptyValue, node, path, path.section(u'.', -1));
    else if (code)
        draft.step.text = readScript(file, node, *code, path, draft.references);
    draft.step.output = StepOutput::Json;
}

void readApproval(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    StepDefinition &step = draft.step;
    if (node.isScalar())
        return readWork(file, node, path, draft);
    if (!checkMap(file, node, path, {u"ask"_s, u"show"_s, u"timeout"_s, u"on_timeout"_s}))
        return;
    if (const YamlNode *ask = require(file, node, path, u"ask"_s))
        step.text = readFilledText(file, *ask, pathTo(path, u"ask"_s), draft.references);
    if (const YamlNode *show = node.find(u"show"))
        step.show = readFilledText(file, *show, pathTo(path, u"show"_s), draft.references);
    if (const YamlNode *timeout = node.find(u"timeout"))
        step.timeoutMs = readDuration(file, *timeout, pathTo(path, u"timeout"_s)).value_or(0);
    if (const YamlNode *then = node.find(u"on_timeout"))
        step.onTimeout =
            readEnum<OnApprovalTimeout>(file, *then, pathTo(path, u"on_timeout"_s)).value_or(step.onTimeout);
}

void readDelay(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    if (node.isScalar())
        draft.step.text = readFlowText(file, node, node.text, path, draft.references);
    if (node.isScalar() && (!draft.step.text.isConstant() || delayUntil(node.text, 0)))
        return;
    FlowProblem &problem =
        file.add(FlowProblemCode::InvalidDuration, node, path, node.isScalar() ? node.text : node.typeName(),
                 {u"90s"_s, u"20m"_s, u"2d"_s, u"2026-11-30T08:00:00Z"_s});
    if (node.typeName() == "number"_L1 && delayUntil(QString(node.text % u's'), 0))
        problem.suggestion = QString(node.text % u's');
}

// One case; gives the condition, or nothing for the default.
std::optional<FlowText> readCase(FileContext &file, const YamlNode &node, const QString &path,
                                 StepDraft &draft)
{
    CaseDraft made;
    std::optional<FlowText> condition;
    const bool isDefault = node.isMap() && node.find(u"default") != nullptr;
    const QString thenKey = isDefault ? u"default"_s : u"then"_s;
    if (!checkMap(file, node, path,
                  isDefault ? QStringList{thenKey} : QStringList{u"case"_s, u"when"_s, thenKey}))
        return condition;
    made.always = isDefault;
    if (isDefault) {
        made.label = placed(node, path);
        made.label.name = u"default"_s;
    } else {
        if (const YamlNode *label = require(file, node, path, u"case"_s);
            label && readName(file, *label, pathTo(path, u"case"_s), false))
            made.label = placed(*label, pathTo(path, u"case"_s));
        if (const YamlNode *when = require(file, node, path, u"when"_s)) {
            condition = readCondition(file, *when, pathTo(path, u"when"_s), draft.references);
            made.always = condition->expressions == QStringList{u"true"_s};
        }
    }
    if (const YamlNode *then = require(file, node, path, thenKey); then && !then->isNull())
        made.then = readPlacedNames(file, *then, pathTo(path, thenKey));
    draft.cases.push_back(std::move(made));
    return condition;
}

// Cases in order and the first that is true: as one expression, the later ones are not evaluated at all.
void readSwitch(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    if (!node.isList() || node.items.empty()) {
        file.add(node.isList() || node.isNull() ? FlowProblemCode::SwitchWithoutCases
                                                : FlowProblemCode::WrongType,
                 node, path, node.isList() || node.isNull() ? draft.step.id : node.typeName(), {u"list"_s});
        return;
    }
    QString choice;
    QString otherwise = u"-1"_s;
    for (size_t i = 0; i < node.items.size(); ++i) {
        const size_t before = draft.cases.size();
        const auto condition = readCase(file, node.items[i], pathTo(path, static_cast<qsizetype>(i)), draft);
        if (draft.cases.size() == before)
            continue;
        if (condition)
            choice +=
                u"("_s % condition->expressions.value(0) % u"\n) ? "_s % QString::number(before) % u" : "_s;
        else if (draft.cases.back().always)
            otherwise = QString::number(before);
    }
    draft.step.text = {.source = {},
                       .literals = {QString(), QString()},
                       .expressions = {QString(choice % otherwise)},
                       .line = node.line,
                       .column = node.column};
}

void readLoop(FileContext &file, const YamlNode &node, const QString &path, StepDraft &draft)
{
    if (!checkMap(file, node, path, {u"steps"_s, u"until"_s, u"max"_s}))
        return;
    StepDefinition &step = draft.step;
    if (const YamlNode *most = node.find(u"max"))
        step.mostRounds = readInt(file, *most, pathTo(path, u"max"_s), 1, kMostRounds).value_or(1);
    else
        file.add(FlowProblemCode::LoopWithoutEnd, node, path, draft.step.id, {u"max"_s});
    if (const YamlNode *until = node.find(u"until"))
        step.until = readOneExpression(file, *until, pathTo(path, u"until"_s),
                                       FlowProblemCode::WhenNotExpression, draft.untilReferences);
    if (const YamlNode *steps = require(file, node, path, u"steps"_s))
        readSteps(file, *steps, pathTo(path, u"steps"_s), draft.body);
}

constexpr std::array kKinds{KindKey{"prompt", StepKind::Agent, readWork},
                            KindKey{"run", StepKind::Shell, readWork},
                            KindKey{"approval", StepKind::Approval, readApproval},
                            KindKey{"script", StepKind::Script, readScriptKind},
                            KindKey{"switch", StepKind::Switch, readSwitch},
                            KindKey{"delay", StepKind::Delay, readDelay},
                            KindKey{"loop", StepKind::Loop, readLoop}};

} // namespace

const KindKey *kindKey(const QString &key)
{
    const auto *const found =
        std::ranges::find_if(kKinds, [&](const KindKey &kind) { return key == QLatin1StringView(kind.key); });
    return found == kKinds.end() ? nullptr : found;
}

QStringList kindKeys()
{
    QStringList keys;
    for (const KindKey &kind : kKinds)
        keys.append(QString::fromLatin1(kind.key));
    return keys;
}

FlowText readFilledText(FileContext &file, const YamlNode &node, const QString &path,
                        std::vector<PlacedReference> &into)
{
    const auto text = readText(file, node, path);
    if (text && text->trimmed().isEmpty())
        file.add(FlowProblemCode::EmptyValue, node, path, path.section(u'.', -1));
    return text ? readFlowText(file, node, *text, path, into) : FlowText{};
}

void readJoin(FileContext &file, const YamlNode &node, const QString &path, ForeachJoin &join,
              qint64 &timeoutMs)
{
    const YamlNode *counts = &node;
    QString countsPath = path;
    if (node.isMap()) {
        if (!checkMap(file, node, path, {u"counts"_s, u"timeout"_s}))
            return;
        counts = node.find(u"counts");
        countsPath = pathTo(path, u"counts"_s);
        if (const YamlNode *timeout = node.find(u"timeout"))
            timeoutMs = readDuration(file, *timeout, pathTo(path, u"timeout"_s)).value_or(0);
    }
    if (counts)
        join = readEnum<ForeachJoin>(file, *counts, countsPath).value_or(join);
}

FlowText readOneExpression(FileContext &file, const YamlNode &node, const QString &path,
                           FlowProblemCode otherwise, std::vector<PlacedReference> &into)
{
    const auto text = node.isScalar() ? readText(file, node, path) : std::nullopt;
    const size_t problems = file.problems.size();
    FlowText read = text ? readFlowText(file, node, *text, path, into) : FlowText{};
    if (file.problems.size() == problems && !read.isOneExpression())
        file.add(otherwise, node, path, node.isScalar() ? node.text : node.typeName(), {u"${{ … }}"_s});
    return read;
}

FlowText readCondition(FileContext &file, const YamlNode &node, const QString &path,
                       std::vector<PlacedReference> &into)
{
    if (node.typeName() != "boolean"_L1)
        return readOneExpression(file, node, path, FlowProblemCode::WhenNotExpression, into);
    return {.source = node.text,
            .literals = {QString(), QString()},
            .expressions = {node.text.toLower()},
            .line = node.line,
            .column = node.column};
}

} // namespace muster
