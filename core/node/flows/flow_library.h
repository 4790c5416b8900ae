// FlowLibrary: finds flows, profiles, skills and teams by name in a project (`flows/`, `agents/`, `skills/`,
// `teams/`), in the person's own folder and among the built-in ones, in this order; says which one won and
// what it hides. A project's own count only when it is trusted. Reads files: call it on a worker thread,
// never on the core thread. Value type.
#pragma once

#include "core/base/result.h"
#include "core/flow/agent_profile.h"
#include "core/flow/flow_parser.h"
#include "core/flow/skill_file.h"
#include "core/node/api/values.h"

namespace muster {

// A flow that another one starts, by the name that it has there.
struct NamedFlow {
    QString name;
    ResolvedFile found;
    QByteArray text;
    FlowDefinitionPtr definition; // null: it has problems
};

// A profile, skill or team as it was when it was read.
struct KeptFile {
    QString folder; // agents, skills, teams
    ResolvedFile found;
    QByteArray text;
};

struct LoadedFlow {
    ResolvedFile found;
    QByteArray text; // with the schemas that it names put into it: all that a run needs
    FlowParseResult parsed;
    std::vector<NamedFlow> flows;     // all that it starts, directly or over others, by name
    std::vector<KeptFile> files = {}; // that all of them name; where the flow is to be run
};

class FlowBundle;

struct FoundSkill {
    Skill skill;
    ResolvedFile found;
};

class FlowLibrary {
public:
    // `projectRoot` may be empty. `personFolder`: holds flows/ and agents/.
    FlowLibrary(QString projectRoot, QString personFolder, bool projectTrusted);

    // These stand for their names, whatever the folders hold by now.
    void keep(std::vector<KeptFile> files) { m_kept = std::move(files); }
    // Profiles, skills and teams that a flow and all that it starts name, also over one another; without
    // those that cannot be read.
    [[nodiscard]] std::vector<KeptFile> filesOf(const LoadedFlow &flow) const;

    // A name, or a path of a file. NotFound; NotTrusted: it is the project's own and may not do anything yet.
    // A flow with problems is loaded, with its problems.
    [[nodiscard]] Result<LoadedFlow> load(const QString &nameOrPath) const;
    // Where a flow of that name is. NotFound.
    [[nodiscard]] Result<ResolvedFile> find(const QString &name) const;
    [[nodiscard]] LoadedFlow check(const QByteArray &text, const QString &fileName) const;
    [[nodiscard]] std::vector<api::FlowInfo> list() const;

    // A file of at most 1 MiB. NotFound, TooLarge.
    [[nodiscard]] Result<QByteArray> read(const QString &path) const;

    // NotFound. A profile with problems is an Error{InvalidArgument} naming file, line and column.
    // `team`: the name of one that may know it as a role; empty: none.
    [[nodiscard]] Result<AgentProfile> profile(const QString &name, const QString &team = {}) const;
    // Those that the steps of a flow name, by that name, each read once; without those that cannot be read.
    [[nodiscard]] QHash<QString, AgentProfile> profilesOf(const FlowDefinition &flow) const;
    // The same errors.
    [[nodiscard]] Result<FoundSkill> skill(const QString &name) const;
    [[nodiscard]] Result<Team> team(const QString &name) const;
    // As api::ListSkills tells; `name`: that one only, with its text.
    [[nodiscard]] Result<std::vector<api::SkillInfo>> skills(const QString &name = {}) const;
    // The names that those say of themselves that can be read.
    [[nodiscard]] QStringList profiles() const;

private:
    [[nodiscard]] std::vector<ResolvedFile> files(const QString &folder, QLatin1StringView suffix,
                                                  bool withUntrusted) const;
    [[nodiscard]] FlowBundle bundle() const;
    [[nodiscard]] api::SkillInfo skillInfo(const ResolvedFile &file, bool withText) const;
    [[nodiscard]] api::FlowInfo infoOf(const ResolvedFile &file, bool trusted, FlowBundle &known) const;
    [[nodiscard]] Result<ResolvedFile> find(const QString &folder, QLatin1StringView suffix,
                                            const QString &name, const QString &what) const;
    [[nodiscard]] Result<KeptFile> named(const QString &folder, QLatin1StringView suffix, const QString &name,
                                         const QString &what) const;
    [[nodiscard]] Result<KeptFile> profileFile(const QString &name, const QString &team) const;
    [[nodiscard]] FlowLookups lookups() const;

    QString m_projectRoot;
    QString m_personFolder;
    bool m_projectTrusted;
    std::vector<KeptFile> m_kept;
};

} // namespace muster
