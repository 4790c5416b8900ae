// Arguments of muster rerun.
#include "app/command_spec.h"

namespace muster::app {

using namespace Qt::StringLiterals;

void declareRerun(QCommandLineParser &parser)
{
    declareValue(parser, u"from"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "This step and all that needs it; the rest is kept."),
                 u"step"_s);
    declareFlag(parser, u"failed"_s,
                QT_TRANSLATE_NOOP("CommandLine", "What failed or did not end, and all that needs it."));
    declareValue(parser, u"skip"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "Go on as if this step, which failed, were skipped."),
                 u"step"_s);
    declareFlag(parser, u"edited"_s,
                QT_TRANSLATE_NOOP("CommandLine",
                                  "With the flow's file as it is now; what did not change in it "
                                  "is kept."));
    declareValue(parser, u"file"_s,
                 QT_TRANSLATE_NOOP("CommandLine", "With --edited: the file; default: the one it was."),
                 u"file"_s);
    declareFlag(parser, u"yes"_s,
                QT_TRANSLATE_NOOP("CommandLine", "Answer approvals with yes; what goes beyond the flow's "
                                                 "permissions is denied."));
    declareFlag(
        parser, u"trust"_s,
        QT_TRANSLATE_NOOP("CommandLine", "Trust this project's own flows, profiles and gates for this run."));
}

Result<CommandOptions> buildRerun(const Parsed &parsed)
{
    if (parsed.words.size() != 1)
        return wrongArguments(commandLineText("Give the id of one run."));
    const auto run = idFrom<RunId>(parsed.words.front());
    if (!run)
        return std::unexpected(run.error());
    api::RerunRun ask{.run = *run,
                      .file = parsed.value(u"file"_s),
                      .approve = parsed.has(u"yes"_s),
                      .trust = parsed.has(u"trust"_s)};
    static constexpr std::array modes{
        std::pair{"from", RerunMode::From}, std::pair{"failed", RerunMode::Failed},
        std::pair{"skip", RerunMode::Skip}, std::pair{"edited", RerunMode::Edited}};
    int asked = 0;
    for (const auto &[name, mode] : modes) {
        const QString option = QString::fromLatin1(name);
        if (!parsed.has(option))
            continue;
        ++asked;
        ask.mode = mode;
        if (mode == RerunMode::From || mode == RerunMode::Skip)
            ask.step = parsed.value(option);
    }
    if (asked > 1)
        return wrongArguments(commandLineText("--from, --failed, --skip and --edited exclude each other."));
    if (!ask.file.isEmpty() && ask.mode != RerunMode::Edited)
        return wrongArguments(commandLineText("--file goes with --edited."));
    return RerunOptions{.ask = ask};
}

} // namespace muster::app
