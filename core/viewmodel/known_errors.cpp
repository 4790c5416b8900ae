#include "core/viewmodel/known_errors.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using Known = KnownError;
using C = ErrorCode;

constexpr std::array known{
    Known{C::NotFound,
          "run"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no run %1. “muster runs” lists those there are.")},
    Known{C::NotFound,
          "runs"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no run %1. “muster runs” lists those there are.")},
    Known{C::NotFound,
          "inbox"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "Nothing with the number %1 waits. “muster inbox” lists what does.")},
    Known{
        C::NotFound,
        "worktrees"_L1,
        {},
        QT_TRANSLATE_NOOP("Describe", "There is no worktree %1. “muster worktrees” lists those there are.")},
    Known{C::NotFound,
          "setting"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no setting “%1”. “muster config” lists those there are.")},
    Known{C::InvalidArgument,
          "MUSTER_HOME"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "MUSTER_HOME is “%1”, which cannot be used. Set it to an absolute path, or unset it.")},
    Known{C::InvalidArgument,
          {},
          "the path is too long for a socket"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "The path %2 is too long for a socket (107 bytes at most). Set MUSTER_HOME to a "
                            "shorter one.")},
    Known{C::InvalidArgument, "text"_L1, "empty_message"_L1,
          QT_TRANSLATE_NOOP("Describe", "The message is empty.")},
    Known{C::TooLarge,
          "text"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The message is too long: at most %1 characters.")},
    Known{C::NotTrusted,
          {},
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The project %1 is not trusted, so its own files do nothing. Read %2, then run "
                            "“muster trust %1”.")},
    Known{C::Conflict, "inbox_closed"_L1, "withdrawn"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "Nobody waits for this answer any more: what asked has ended. Nothing "
                            "was recorded, and nothing runs because of it.")},
    Known{C::Conflict, "inbox_closed"_L1, "timeout"_L1,
          QT_TRANSLATE_NOOP("Describe", "The time for this answer is over, and the flow has gone on without "
                                        "it. Nothing was recorded.")},
    Known{C::Conflict,
          "inbox_closed"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "This was answered before: %1. The first answer stands.")},
    Known{C::InvalidArgument,
          "no_answer_text"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "This is a question, and is answered with a text: “muster inbox answer "
                            "%1 yes --message TEXT”. Answer “no” to leave it unanswered.")},
    Known{C::InvalidArgument,
          "runtime"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no such runtime. This version has: %1.")},
    Known{C::Conflict,
          {},
          "node_runs"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "Another node of Muster works with %2 already. Use it (without --in-process), or end "
              "it with “muster serve --stop”.")},
    Known{C::Conflict,
          {},
          "busy"_L1,
          QT_TRANSLATE_NOOP("Describe", "The node is at work, so it was not stopped. Wait, or add "
                                        "--force: what was under way then goes on at the next start.")},
    Known{C::Conflict,
          "inbox"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "Number %1 does not wait any more: it was answered or withdrawn before.")},
    Known{C::Conflict, "runs"_L1, {}, QT_TRANSLATE_NOOP("Describe", "Run %1 is not under way any more.")},
    Known{C::PermissionDenied,
          {},
          "open to others"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "Others could read or write in %2, so nothing is kept there. Run “chmod 700” on it.")},
    Known{C::PermissionDenied,
          {},
          "not a folder of this user"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "%2 is not a folder of yours, so nothing is kept there. Choose another MUSTER_HOME.")},
    Known{C::NewerStore,
          {},
          {},
          QT_TRANSLATE_NOOP(
              "Describe", "The store was written by a newer Muster (version %1). It was not touched: install "
                          "that Muster, or set MUSTER_HOME to another folder.")},
    Known{C::VersionMismatch,
          "application_id"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "The store's file belongs to another program. It was not touched: set MUSTER_HOME to "
              "another folder.")},
    Known{C::DiskFull,
          {},
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The disk is full. Nothing that was kept is lost; make room, then try again.")},
    Known{C::Io,
          {},
          "a folder"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "%2 should be a file and is a folder. It was not touched: move it away, "
                            "or set MUSTER_HOME to another folder.")},
    Known{C::Io,
          {},
          "cannot make the folder"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "The folder %2 cannot be made: something else is in the way, its disk is "
                            "read-only or full, or it is not yours. Set MUSTER_HOME to a folder that "
                            "you can write to.")},
    Known{
        C::Corrupt,
        {},
        "in use"_L1,
        QT_TRANSLATE_NOOP(
            "Describe",
            "The store %2 is damaged, and another process has it open, so it was not touched. End the other "
            "one with “muster serve --stop”, then try again: the newest backup is restored.")},
    Known{C::Io,
          "store"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The store cannot be opened or written: %1. Nothing was changed. Check "
                            "that its folder and files are yours and can be written, or set "
                            "MUSTER_HOME to another folder.")},
    Known{C::InvalidArgument,
          "setting"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "That value is not allowed. It must be: %1.")},
    Known{C::LaunchFailed,
          "node"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "The background node could not be started (%1). “muster doctor --in-process” looks for "
              "the cause.")},
};

bool fits(const Known &row, const Error &error)
{
    return row.code == error.code && (row.where.isEmpty() || row.where == error.where) &&
           (row.detail.isEmpty() || row.detail == error.detail);
}

} // namespace

const char *knownErrorText(const Error &error)
{
    for (const std::span<const Known> rows :
         {knownRerunErrors(), knownFlowErrors(), knownScheduleErrors(), knownTaskErrors(),
          knownProjectErrors(), knownKeyErrors(), knownPermissionErrors(), std::span<const Known>(known)}) {
        const auto row = std::ranges::find_if(rows, [&](const Known &k) { return fits(k, error); });
        if (row != rows.end())
            return row->text;
    }
    return nullptr;
}

} // namespace muster
