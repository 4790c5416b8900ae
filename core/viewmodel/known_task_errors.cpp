#include "core/viewmodel/known_errors.h"

#include <QtTranslation>

#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using Known = KnownError;
using C = ErrorCode;

constexpr std::array known{
    Known{C::NotFound,
          "tasks"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no task %1. “muster tasks” lists those there are.")},
    Known{C::NotFound,
          "pools"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is no pool “%1”. “muster pools” lists those there are.")},
    Known{C::Conflict,
          {},
          "not_queued"_L1,
          QT_TRANSLATE_NOOP("Describe", "Task %2 does not wait in the queue: it runs, or it has ended.")},
    Known{C::Conflict, {}, "ended"_L1, QT_TRANSLATE_NOOP("Describe", "Task %2 has ended before.")},
    Known{C::Conflict,
          {},
          "not_ended"_L1,
          QT_TRANSLATE_NOOP("Describe", "Task %2 has not ended yet. Cancel it first.")},
    Known{C::Conflict,
          {},
          "superseded"_L1,
          QT_TRANSLATE_NOOP("Describe", "This was tried again before, as task %2.")},
    Known{C::Unsupported,
          {},
          "not_by_itself"_L1,
          QT_TRANSLATE_NOOP(
              "Describe", "Task %2 belongs to a run or a chat: run that again (“muster rerun”), or send the "
                          "message again.")},
    Known{C::Conflict,
          {},
          "in_use"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "The pool “%2” is needed: tasks that have not ended name it, or it comes with "
                            "Muster.")},
    Known{C::InvalidArgument,
          "priority"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "That priority is not allowed. It must be: %1.")},
    Known{C::InvalidArgument,
          "cap"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "That cap is not allowed. It must be: %1.")},
    Known{C::InvalidArgument,
          {},
          "pool_name"_L1,
          QT_TRANSLATE_NOOP("Describe",
                            "“%2” is no name for a pool: up to 64 letters, digits, “-”, “_” and “.”.")},
    Known{C::InvalidArgument,
          {},
          "chat_has_no_cap"_L1,
          QT_TRANSLATE_NOOP("Describe", "The pool “%2” has no cap: a chat waits for no slot.")},
    Known{C::InvalidArgument,
          {},
          "no_prompt"_L1,
          QT_TRANSLATE_NOOP("Describe", "A task needs a prompt that says what to do.")},
};

} // namespace

std::span<const KnownError> knownTaskErrors() { return known; }

} // namespace muster
