#include "core/viewmodel/known_errors.h"

#include <QtTranslation>

#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using Known = KnownError;
using C = ErrorCode;

constexpr std::array known{
    Known{C::InvalidArgument,
          "zone"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "“%1” is not a time zone. Write one like Europe/Berlin or UTC.")},
    Known{C::InvalidArgument, "name"_L1, "missing"_L1,
          QT_TRANSLATE_NOOP("Describe", "The schedule needs a name.")},
    Known{C::InvalidArgument, "name"_L1, "too_long"_L1,
          QT_TRANSLATE_NOOP("Describe", "The name is too long: at most 120 characters.")},
    Known{C::InvalidArgument, "prompt"_L1, "missing"_L1,
          QT_TRANSLATE_NOOP("Describe", "Say what the schedule starts: a prompt, or a flow.")},
    Known{C::InvalidArgument, "prompt"_L1, "prompt_and_flow"_L1,
          QT_TRANSLATE_NOOP("Describe", "A schedule starts a prompt or a flow, not both.")},
    Known{C::InvalidArgument, "prompt"_L1, "too_long"_L1,
          QT_TRANSLATE_NOOP("Describe", "The prompt is too long: at most 256 KiB.")},
    Known{C::InvalidArgument,
          "max_turns"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The limit of agent steps must be in %1.")},
    Known{
        C::InvalidArgument, "priority"_L1, {}, QT_TRANSLATE_NOOP("Describe", "The priority must be in %1.")},
    Known{C::NotFound, "pool"_L1, {}, QT_TRANSLATE_NOOP("Describe", "There is no pool “%1”.")},
    Known{C::NotFound, "schedules"_L1, {}, QT_TRANSLATE_NOOP("Describe", "There is no schedule %1.")},
    Known{C::Conflict,
          {},
          "file"_L1,
          QT_TRANSLATE_NOOP("Describe", "This schedule is what the file %2 of the project says. Change it "
                                        "there.")},
    Known{C::Conflict,
          "revision"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The schedule was changed by somebody else meanwhile. Look at it "
                                        "again.")},
    Known{C::Conflict, "schedule"_L1, "expired"_L1,
          QT_TRANSLATE_NOOP("Describe", "None of its times is to come. Say another when.")},
};

} // namespace

std::span<const KnownError> knownScheduleErrors() { return known; }

} // namespace muster
