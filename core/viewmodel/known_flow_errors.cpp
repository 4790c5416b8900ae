#include "core/viewmodel/known_errors.h"

#include <QtTranslation>

#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using Known = KnownError;
using C = ErrorCode;

constexpr std::array known{
    Known{C::PermissionDenied,
          "flow_folder"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is not a flow file of this project or of yours. Those are in the folder "
                            "“flows” and end with .flow.yaml.")},
    Known{C::InvalidArgument,
          "flow_name"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "%1 is no name for a flow file: letters, digits, “_” and “-”, and .flow.yaml at "
                            "the end.")},
    Known{C::Unsupported,
          "steps_in_line"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The steps of %1 are written between brackets, so no step can be "
                                        "inserted. Write them as a list, one “- id: …” below the other.")},
    Known{C::AlreadyExists,
          "flow"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "There is a flow %1 in this project already. Choose another name.")},
    Known{C::Conflict,
          {},
          "flow_changed"_L1,
          QT_TRANSLATE_NOOP("Describe", "The file was changed by another program meanwhile.")},
    Known{
        C::InvalidArgument,
        {},
        "flow_problems"_L1,
        QT_TRANSLATE_NOOP(
            "Describe",
            "The flow has mistakes, the first at %2. “muster flow check” with its name tells all of them.")},
    Known{C::Conflict,
          "flow"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "A run of “%1” is still active here, and the flow does not say that several may "
                            "be. Wait for it or cancel it (“muster runs --active”), or write "
                            "“parallel_runs: true” into the flow.")},
    Known{C::InvalidArgument,
          "env"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "The flow needs variables that are not set where the node runs: %1. Set "
                            "them there and start the node anew.")},
    Known{C::NotFound,
          "flow"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no flow “%1” here. “muster flow list” names those there are.")},
    Known{C::NotFound,
          "profile"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no profile “%1”. Correct the flow's “agent:”, or add the profile.")},
    Known{
        C::NotFound,
        "skill"_L1,
        {},
        QT_TRANSLATE_NOOP("Describe", "There is no skill “%1” here. “muster skills” lists those there are.")},
};

} // namespace

std::span<const KnownError> knownFlowErrors() { return known; }

} // namespace muster
