#include "core/flow/did_you_mean.h"
#include "core/flow/kind_reader.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostAtATime = 1000;

GroupDraft readGroup(FileContext &file, const YamlNode &key, const YamlNode &node, const QString &path)
{
    GroupDraft group{.name = placed(key, path)};
    (void)readName(file, key, path, false);
    if (!checkMap(file, node, path, {u"steps"_s, u"mode"_s, u"limit"_s, u"join"_s, u"needs"_s}))
        return group;
    if (const YamlNode *steps = require(file, node, path, u"steps"_s)) {
        group.steps = readPlacedNames(file, *steps, pathTo(path, u"steps"_s));
        if (steps->isList() && steps->items.empty())
            file.add(FlowProblemCode::EmptyValue, *steps, pathTo(path, u"steps"_s), u"steps"_s);
    }
    if (const YamlNode *needs = node.find(u"needs"))
        group.needs = readPlacedNames(file, *needs, pathTo(path, u"needs"_s));
    if (const YamlNode *mode = node.find(u"mode"))
        group.mode = readEnum<GroupMode>(file, *mode, pathTo(path, u"mode"_s)).value_or(group.mode);
    if (const YamlNode *join = node.find(u"join"))
        readJoin(file, *join, pathTo(path, u"join"_s), group.join, group.joinTimeoutMs);
    if (const YamlNode *limit = node.find(u"limit")) {
        group.limit = readInt(file, *limit, pathTo(path, u"limit"_s), 1, kMostAtATime).value_or(0);
        if (group.mode == GroupMode::Sequence)
            file.add(FlowProblemCode::KeyNotForKind, *limit, pathTo(path, u"limit"_s), u"limit"_s,
                     {u"mode: parallel"_s});
    }
    return group;
}

StepTrigger triggerOf(ForeachJoin join)
{
    switch (join) {
    case ForeachJoin::AllDone:
        return StepTrigger::AllDone;
    case ForeachJoin::OneSuccess:
        return StepTrigger::OneSuccess;
    case ForeachJoin::AllSuccess:
        break;
    }
    return StepTrigger::AllSuccess;
}

class GroupLinker {
public:
    GroupLinker(FileContext &file, FlowDraft &draft)
        : m_file(file)
        , m_draft(draft)
    {
        for (const StepDraft &step : draft.steps)
            m_ids.append(step.step.id);
    }

    void add(const GroupDraft &group)
    {
        StepDraft made;
        made.path = group.name.path;
        made.at = group.name.at;
        made.hasKind = true;
        made.step.id = group.name.name;
        made.step.kind = StepKind::Group;
        made.step.trigger = triggerOf(group.join);
        made.step.joinTimeoutMs = group.joinTimeoutMs;
        made.step.line = group.name.at.line;
        made.step.column = group.name.at.column;
        const int batch = group.limit > 0 ? addBatch(group) : -1;
        StepDraft *before = nullptr;
        for (const PlacedName &name : group.steps) {
            StepDraft *const member = memberOf(group, name);
            if (!member)
                continue;
            made.needs.push_back(name);
            member->needs.insert(member->needs.end(), group.needs.begin(), group.needs.end());
            if (before && group.mode == GroupMode::Sequence)
                needOnce(*member, before->step.id, name);
            if (batch >= 0 && member->batch)
                m_file.add(FlowProblemCode::GroupMemberBatch, member->batch->at, member->batch->path,
                           member->step.id);
            else if (batch >= 0)
                member->step.batch = batch;
            before = member;
        }
        m_made.push_back(std::move(made));
    }

    void finish() { std::ranges::move(m_made, std::back_inserter(m_draft.steps)); }

private:
    int addBatch(const GroupDraft &group)
    {
        m_draft.flow.batches.push_back({.name = group.name.name, .maxConcurrent = group.limit});
        return static_cast<int>(m_draft.flow.batches.size()) - 1;
    }

    static void needOnce(StepDraft &member, const QString &id, const PlacedName &at)
    {
        if (std::ranges::contains(member.needs, id, &PlacedName::name))
            return;
        PlacedName need = at;
        need.name = id;
        member.needs.push_back(need);
    }

    StepDraft *memberOf(const GroupDraft &group, const PlacedName &name)
    {
        const auto found =
            std::ranges::find(m_draft.steps, name.name, [](const StepDraft &draft) { return draft.step.id; });
        if (found == m_draft.steps.end()) {
            m_file.add(FlowProblemCode::UnknownStep, name.at, name.path, name.name, m_ids).suggestion =
                closestOf(name.name, m_ids);
            return nullptr;
        }
        if (found->step.loop >= 0 || found->step.isFinal) {
            m_file.add(FlowProblemCode::StepElsewhere, name.at, name.path, name.name);
            return nullptr;
        }
        if (m_groupOf.contains(name.name)) {
            m_file.add(FlowProblemCode::GroupMemberTwice, name.at, name.path, name.name,
                       {m_groupOf.value(name.name)});
            return nullptr;
        }
        m_groupOf.insert(name.name, group.name.name);
        return &*found;
    }

    FileContext &m_file;
    FlowDraft &m_draft;
    QStringList m_ids;
    QHash<QString, QString> m_groupOf;
    std::vector<StepDraft> m_made;
};

} // namespace

std::vector<GroupDraft> readGroups(FileContext &file, const YamlNode &node)
{
    std::vector<GroupDraft> groups;
    QStringList names;
    for (const auto &[key, value] : node.members)
        names.append(key.text);
    if (!checkMap(file, node, u"groups"_s, names))
        return groups;
    for (const auto &[key, value] : node.members)
        groups.push_back(readGroup(file, key, value, pathTo(u"groups"_s, key.text)));
    return groups;
}

// Others need a group as they need a step, so it is one: a step without work that needs its members.
void linkGroups(FileContext &file, FlowDraft &draft)
{
    GroupLinker linker(file, draft);
    for (const GroupDraft &group : draft.groups)
        linker.add(group);
    linker.finish();
}

} // namespace muster
