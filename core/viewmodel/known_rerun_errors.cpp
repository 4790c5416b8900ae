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
          "rerun_unknown_step"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The run has no step “%1”. “muster runs show” lists its steps.")},
    Known{C::Conflict,
          "rerun_step_in_loop"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The step is within a loop (%1). A loop begins again as a whole: name the "
                            "loop.")},
    Known{C::Conflict,
          "rerun_did_not_fail"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The step %1 did not fail, so there is nothing to skip.")},
    Known{C::Conflict,
          "rerun_nothing_to_redo"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is nothing to do anew: all of it would be kept.")},
    Known{
        C::Conflict,
        "rerun_alive"_L1,
        {},
        QT_TRANSLATE_NOOP("Describe", "Run #%1 is still under way. Cancel it, or wait until it has ended.")},
    Known{C::Conflict,
          "rerun_branch_gone"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "What was kept is on the branch “%1”, which is gone or was dropped. Run "
                            "the whole run again, or from the step that wrote there.")},
    Known{C::Conflict,
          "rerun_unreadable"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "What is stored of this run cannot be read any more, so nothing of it can "
                            "be kept. Run the whole run again.")},
};

} // namespace

std::span<const KnownError> knownRerunErrors() { return known; }

} // namespace muster
