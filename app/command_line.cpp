#include "app/command_line.h"

#include "app/command_spec.h"

#include <QCoreApplication>

#include <array>

namespace muster::app {

using namespace Qt::StringLiterals;

QString commandLineText(const char *text) { return QCoreApplication::translate("CommandLine", text); }

std::unexpected<Error> wrongArguments(const QString &text) { return fail(ErrorCode::InvalidArgument, text); }

void declareFlag(QCommandLineParser &parser, const QString &name, const char *help)
{
    parser.addOption(QCommandLineOption(name, commandLineText(help)));
}

void declareValue(QCommandLineParser &parser, const QString &name, const char *help, const QString &what)
{
    parser.addOption(QCommandLineOption(name, commandLineText(help), what));
}

namespace {

QString tr(const char *text) { return commandLineText(text); }

std::unexpected<Error> wrong(const QString &text) { return wrongArguments(text); }

using Build = Result<CommandOptions> (*)(const Parsed &);

struct CommandSpec {
    const char *name;
    const char *summary;
    const char *usage;
    void (*declare)(QCommandLineParser &);
    Build build;
};

constexpr auto flag = declareFlag;
constexpr auto valued = declareValue;

Result<QString> onlyWord(const Parsed &parsed, const char *what)
{
    if (parsed.words.size() != 1)
        return wrong(tr("Give exactly one %1.").arg(tr(what)));
    return parsed.words.front();
}

template <typename Action, size_t N>
Result<Action> actionFrom(const QString &word, const std::array<std::pair<const char *, Action>, N> &actions)
{
    QStringList names;
    for (const auto &[name, action] : actions) {
        if (word == QLatin1StringView(name))
            return action;
        names += QString::fromLatin1(name);
    }
    return wrong(tr("'%1' is not one of: %2.").arg(word, names.join(u", "_s)));
}

Result<CommandOptions> buildRun(const Parsed &parsed)
{
    RunOptions run;
    const auto flow = onlyWord(parsed, "flow (a name or a file)");
    if (!flow)
        return std::unexpected(flow.error());
    run.flow = *flow;
    const QStringList inputs = parsed.parser.values(u"input"_s);
    for (const QString &input : inputs) {
        const qsizetype equals = input.indexOf(u'=');
        if (equals <= 0)
            return wrong(tr("--input %1: write it as name=value.").arg(input));
        run.inputs.insert(input.first(equals), input.sliced(equals + 1));
    }
    run.runtime = parsed.value(u"runtime"_s);
    run.yes = parsed.has(u"yes"_s);
    run.trust = parsed.has(u"trust"_s);
    run.demo = parsed.has(u"demo"_s);
    return run;
}

Result<CommandOptions> buildRuns(const Parsed &parsed)
{
    using Action = RunsOptions::Action;
    RunsOptions runs{.activeOnly = parsed.has(u"active"_s), .allProjects = parsed.has(u"all-projects"_s)};
    if (parsed.has(u"limit"_s)) {
        bool ok = false;
        runs.limit = parsed.value(u"limit"_s).toInt(&ok);
        if (!ok || runs.limit < 1 || runs.limit > 1000)
            return wrong(tr("--limit takes a number from 1 to 1000."));
    }
    if (parsed.words.isEmpty())
        return runs;
    static constexpr std::array actions{
        std::pair{"list", Action::List}, std::pair{"show", Action::Show}, std::pair{"cancel", Action::Cancel},
        std::pair{"pause", Action::Pause}, std::pair{"continue", Action::Continue}};
    const auto action = actionFrom(parsed.words.front(), actions);
    if (!action)
        return std::unexpected(action.error());
    runs.action = *action;
    if (runs.action == Action::List)
        return runs;
    if (parsed.words.size() != 2)
        return wrong(tr("Give the id of one run."));
    return idFrom<RunId>(parsed.words.at(1)).transform([&](RunId id) -> CommandOptions {
        runs.run = id;
        return runs;
    });
}

Result<CommandOptions> buildStatus(const Parsed &parsed)
{
    if (!parsed.words.isEmpty())
        return wrong(tr("status takes no words."));
    return StatusOptions{};
}

Result<CommandOptions> buildInbox(const Parsed &parsed)
{
    using Action = InboxOptions::Action;
    InboxOptions inbox{.all = parsed.has(u"all"_s)};
    if (parsed.words.isEmpty() || parsed.words == QStringList{u"list"_s})
        return inbox;
    const bool shows = parsed.words.front() == u"show" && parsed.words.size() == 2;
    if (!shows && (parsed.words.front() != u"answer" || parsed.words.size() < 3))
        return wrong(tr("Write: inbox show ID, or: inbox answer ID… yes|no|later."));
    inbox.action = shows ? Action::Show : Action::Answer;
    const QStringList ids = parsed.words.sliced(1, shows ? 1 : parsed.words.size() - 2);
    for (const QString &word : ids) {
        const auto id = idFrom<InboxId>(word);
        if (!id)
            return std::unexpected(id.error());
        if (!inbox.items.contains(*id))
            inbox.items += *id;
    }
    if (shows)
        return inbox;
    static constexpr std::array answers{std::pair{"yes", api::AnswerKind::Yes},
                                        std::pair{"no", api::AnswerKind::No},
                                        std::pair{"later", api::AnswerKind::Later}};
    const auto answer = actionFrom(parsed.words.back(), answers);
    if (!answer)
        return std::unexpected(answer.error());
    inbox.answer.answer = *answer;
    static constexpr std::array scopes{std::pair{"once", api::AnswerScope::Once},
                                       std::pair{"task", api::AnswerScope::Task},
                                       std::pair{"always", api::AnswerScope::Always}};
    if (parsed.has(u"scope"_s)) {
        const auto scope = actionFrom(parsed.value(u"scope"_s), scopes);
        if (!scope)
            return std::unexpected(scope.error());
        inbox.answer.scope = *scope;
    }
    inbox.answer.message = parsed.value(u"message"_s);
    return inbox;
}

Result<CommandOptions> buildWorktrees(const Parsed &parsed)
{
    using Action = WorktreesOptions::Action;
    WorktreesOptions worktrees{.all = parsed.has(u"all"_s),
                               .keepCommits = parsed.has(u"keep-commits"_s),
                               .losingNested = parsed.has(u"with-nested"_s)};
    if (parsed.words.isEmpty())
        return worktrees;
    static constexpr std::array actions{std::pair{"list", Action::List}, std::pair{"show", Action::Show},
                                        std::pair{"merge", Action::Merge}, std::pair{"drop", Action::Drop}};
    const auto action = actionFrom(parsed.words.front(), actions);
    if (!action)
        return std::unexpected(action.error());
    worktrees.action = *action;
    if (worktrees.action == Action::List)
        return worktrees;
    if (parsed.words.size() != 2)
        return wrong(tr("Give the id of one worktree."));
    return idFrom<WorktreeId>(parsed.words.at(1)).transform([&](WorktreeId id) -> CommandOptions {
        worktrees.worktree = id;
        return worktrees;
    });
}

Result<CommandOptions> buildFlow(const Parsed &parsed)
{
    using Action = FlowOptions::Action;
    if (parsed.words == QStringList{u"list"_s})
        return FlowOptions{.action = Action::List};
    if (parsed.words.size() == 2 && parsed.words.front() == u"check")
        return FlowOptions{.action = Action::Check, .flow = parsed.words.at(1)};
    return wrong(tr("Write: flow check FILE|NAME, or: flow list."));
}

Result<CommandOptions> buildTrust(const Parsed &parsed)
{
    return onlyWord(parsed, "folder").transform([&](const QString &dir) -> CommandOptions {
        return TrustOptions{.dir = dir, .revoke = parsed.has(u"revoke"_s)};
    });
}

Result<CommandOptions> buildConfig(const Parsed &parsed)
{
    using Action = ConfigOptions::Action;
    if (parsed.words.isEmpty())
        return ConfigOptions{};
    static constexpr std::array actions{std::pair{"list", Action::List}, std::pair{"get", Action::Get},
                                        std::pair{"set", Action::Set}, std::pair{"unset", Action::Unset}};
    const auto action = actionFrom(parsed.words.front(), actions);
    if (!action)
        return std::unexpected(action.error());
    const qsizetype wanted = *action == Action::List ? 1 : *action == Action::Set ? 3 : 2;
    if (parsed.words.size() != wanted)
        return wrong(tr("Write: config list, config get KEY, config set KEY VALUE, or config unset KEY."));
    return ConfigOptions{.action = *action, .key = parsed.words.value(1), .value = parsed.words.value(2)};
}

Result<CommandOptions> buildDoctor(const Parsed &parsed)
{
    if (!parsed.words.isEmpty())
        return wrong(tr("doctor takes no words."));
    return DoctorOptions{};
}

Result<CommandOptions> buildMcp(const Parsed &parsed)
{
    if (!parsed.words.isEmpty())
        return wrong(tr("mcp takes no words."));
    return McpOptions{};
}

Result<CommandOptions> buildServe(const Parsed &parsed)
{
    const ServeOptions serve{.stop = parsed.has(u"stop"_s),
                             .force = parsed.has(u"force"_s),
                             .background = parsed.has(u"background"_s)};
    if (!parsed.words.isEmpty())
        return wrong(tr("serve takes no words."));
    if (serve.force && !serve.stop)
        return wrong(tr("--force goes with --stop."));
    return serve;
}

Result<CommandOptions> buildWindow(const Parsed &parsed)
{
    if (!parsed.words.isEmpty())
        return wrong(tr("There is no command '%1'. See: muster --help.").arg(parsed.words.front()));
    const QString theme = parsed.value(u"theme"_s);
    if (!theme.isEmpty() && !QStringList{u"light"_s, u"dark"_s, u"system"_s}.contains(theme))
        return wrong(tr("--theme takes light, dark or system."));
    return WindowOptions{.theme = theme};
}

void declareRun(QCommandLineParser &p)
{
    valued(p, u"input"_s, "An input of the flow; may be given several times.", u"name=value"_s);
    valued(p, u"runtime"_s, "Which runtime the agent steps use.", u"id"_s);
    flag(p, u"yes"_s, "Answer approvals with yes; what goes beyond the flow's permissions is denied.");
    flag(p, u"trust"_s, "Trust this project's own flows, profiles and gates for this run.");
    flag(p, u"demo"_s, "Use the bundled demo project.");
}

void declareRuns(QCommandLineParser &p)
{
    flag(p, u"active"_s, "Only runs that have not ended.");
    flag(p, u"all-projects"_s, "Runs of every project.");
    valued(p, u"limit"_s, "At most so many (default 50).", u"n"_s);
}

void declareInbox(QCommandLineParser &p)
{
    flag(p, u"all"_s, "Answered ones too.");
    valued(p, u"scope"_s, "How far the answer goes: once, task or always.", u"scope"_s);
    valued(p, u"message"_s, "A word to the agent.", u"text"_s);
}

void declareWorktrees(QCommandLineParser &p)
{
    flag(p, u"all"_s, "Merged and dropped ones too.");
    flag(p, u"keep-commits"_s, "Merge with a merge commit instead of one squashed commit.");
    flag(p, u"with-nested"_s, "Delete git repositories inside the worktree too.");
}

void declareTrust(QCommandLineParser &p) { flag(p, u"revoke"_s, "Take the trust back."); }

void declareServe(QCommandLineParser &p)
{
    flag(p, u"stop"_s, "Stop the running node.");
    flag(p, u"force"_s, "Stop it although work runs; runs go on with the next node.");
    QCommandLineOption background(u"background"_s);
    background.setFlags(QCommandLineOption::HiddenFromHelp);
    p.addOption(background);
}

void declareWindow(QCommandLineParser &p) { valued(p, u"theme"_s, "light, dark or system.", u"theme"_s); }

void declareNothing(QCommandLineParser &) {}

constexpr std::array commands{
    CommandSpec{"run", QT_TRANSLATE_NOOP("CommandLine", "Start a flow and follow it."), "run FLOW",
                declareRun, buildRun},
    CommandSpec{"rerun", QT_TRANSLATE_NOOP("CommandLine", "Run a run again, all of it or a part."),
                "rerun RUN [--from STEP | --failed | --skip STEP | --edited [--file FILE]]", declareRerun,
                buildRerun},
    CommandSpec{"runs", QT_TRANSLATE_NOOP("CommandLine", "List, show, pause or cancel runs."),
                "runs [list | show ID | pause ID | continue ID | cancel ID]", declareRuns, buildRuns},
    CommandSpec{
        "tasks", QT_TRANSLATE_NOOP("CommandLine", "List, start, cancel and weigh units of work."),
        "tasks [list | queue | start PROMPT | show ID | now ID | cancel ID | retry ID | priority ID N]",
        declareTasks, buildTasks},
    CommandSpec{"pools", QT_TRANSLATE_NOOP("CommandLine", "Show and set how many tasks run at once."),
                "pools [list | set NAME | remove NAME]", declarePools, buildPools},
    CommandSpec{"status", QT_TRANSLATE_NOOP("CommandLine", "Tell how everything at work does right now."),
                "status", declareNothing, buildStatus},
    CommandSpec{"inbox", QT_TRANSLATE_NOOP("CommandLine", "List, show and answer what waits for you."),
                "inbox [list | show ID | answer ID… yes|no|later]", declareInbox, buildInbox},
    CommandSpec{"worktrees",
                QT_TRANSLATE_NOOP("CommandLine", "List, show, merge or drop what runs have changed."),
                "worktrees [list | show ID | merge ID | drop ID]", declareWorktrees, buildWorktrees},
    CommandSpec{"schedules",
                QT_TRANSLATE_NOOP("CommandLine", "List, show, add, change or run what starts by the clock."),
                "schedules [list | show ID | add NAME | edit ID | remove ID | pause ID | resume ID | "
                "run-now ID | check [FILE] | pause-all --for TIME|--until-tomorrow | resume-all | "
                "when \"WORDS OR CRON\"]",
                declareSchedules, buildSchedules},
    CommandSpec{"flow", QT_TRANSLATE_NOOP("CommandLine", "Check a flow file, or list flows."),
                "flow check FILE|NAME | flow list", declareNothing, buildFlow},
    CommandSpec{
        "skills",
        QT_TRANSLATE_NOOP("CommandLine", "Show the skills that agents can be given, and where each is from."),
        "skills [list | show NAME]", declareNothing, buildSkills},
    CommandSpec{"trust",
                QT_TRANSLATE_NOOP("CommandLine", "Let a project's own flows, profiles and gates work."),
                "trust DIR", declareTrust, buildTrust},
    CommandSpec{"config", QT_TRANSLATE_NOOP("CommandLine", "Show and change settings."),
                "config [list | get KEY | set KEY VALUE | unset KEY]", declareNothing, buildConfig},
    CommandSpec{"doctor", QT_TRANSLATE_NOOP("CommandLine", "Check the whole set-up."), "doctor",
                declareNothing, buildDoctor},
    CommandSpec{"runtimes",
                QT_TRANSLATE_NOOP("CommandLine", "Show the agents that can be used, and what they need."),
                "runtimes [list | show ID]", declareRuntimes, buildRuntimes},
    CommandSpec{"permissions",
                QT_TRANSLATE_NOOP("CommandLine", "List what agents may always do, and take it back."),
                "permissions [list | revoke ID]", declareNothing, buildPermissions},
    CommandSpec{
        "secrets",
        QT_TRANSLATE_NOOP("CommandLine", "Keep the keys of runtimes, in the keychain or where you choose."),
        "secrets [list | set NAME | remove NAME | unlock]", declareNothing, buildSecrets},
    CommandSpec{"accounts",
                QT_TRANSLATE_NOOP("CommandLine", "List, add or remove further accounts of runtimes."),
                "accounts [list | add RUNTIME NAME | remove RUNTIME NAME]", declareAccounts, buildAccounts},
    CommandSpec{"debug",
                QT_TRANSLATE_NOOP("CommandLine", "Tell the events that a transcript of an agent means."),
                "debug decode --runtime ID FILE", declareDebug, buildDebug},
    CommandSpec{"mcp",
                QT_TRANSLATE_NOOP("CommandLine", "Offer Muster's tools to an agent, on stdin and stdout."),
                "mcp", declareNothing, buildMcp},
    CommandSpec{"serve", QT_TRANSLATE_NOOP("CommandLine", "Run or stop a node without a window."), "serve",
                declareServe, buildServe},
};

constexpr CommandSpec windowSpec{"", QT_TRANSLATE_NOOP("CommandLine", "Open the window."), "", declareWindow,
                                 buildWindow};

void declareCommon(QCommandLineParser &p)
{
    valued(p, u"project"_s, "The project's folder; default: where you are.", u"dir"_s);
    flag(p, u"json"_s, "Print JSON for programs.");
    flag(p, u"quiet"_s, "Results only, no progress.");
    flag(p, u"in-process"_s, "No background node: the whole core in this process.");
    p.addHelpOption();
    p.addVersionOption();
}

QString overview()
{
    QString text =
        tr("Usage: muster [command] [options]\n\nWithout a command the window opens.\n\nCommands:\n");
    for (const CommandSpec &spec : commands)
        text += u"  %1  %2\n"_s.arg(QString::fromLatin1(spec.name), -12).arg(tr(spec.summary));
    return text + tr("\n'muster COMMAND --help' tells the options of one command.\n");
}

QString helpOf(const CommandSpec &spec, const QCommandLineParser &parser)
{
    if (*spec.name == '\0')
        return overview();
    // The parser's own first line names the program's path; ours names what to type.
    const QString options = parser.helpText().section(u'\n', 1);
    return tr("Usage: muster %1 [options]\n%2\n").arg(QString::fromLatin1(spec.usage), tr(spec.summary)) +
           options;
}

const CommandSpec *findCommand(const QString &name)
{
    const auto *found = std::ranges::find_if(
        commands, [&](const CommandSpec &spec) { return name == QLatin1StringView(spec.name); });
    return found == commands.end() ? nullptr : found;
}

} // namespace

Result<Options> parseCommandLine(const QStringList &arguments)
{
    // The command is the first argument, so that its options can be told from another's.
    const bool named = !arguments.isEmpty() && !arguments.front().startsWith(u'-');
    const CommandSpec *spec = named ? findCommand(arguments.front()) : &windowSpec;
    if (!spec)
        return wrong(tr("There is no command '%1'. See: muster --help.").arg(arguments.front()));

    Parsed parsed;
    parsed.parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
    spec->declare(parsed.parser);
    declareCommon(parsed.parser);
    if (!parsed.parser.parse(QStringList{u"muster"_s} + (named ? arguments.sliced(1) : arguments)))
        return wrong(parsed.parser.errorText());
    parsed.words = parsed.parser.positionalArguments();

    Options options{.project = parsed.value(u"project"_s),
                    .json = parsed.has(u"json"_s),
                    .quiet = parsed.has(u"quiet"_s),
                    .inProcess = parsed.has(u"in-process"_s)};
    if (parsed.has(u"help"_s))
        options.help = helpOf(*spec, parsed.parser);
    else if (parsed.has(u"version"_s))
        options.help = u"muster " MUSTER_VERSION "\n"_s;
    if (!options.help.isEmpty())
        return options;
    return spec->build(parsed).transform([&](CommandOptions command) {
        options.command = std::move(command);
        return options;
    });
}

} // namespace muster::app
