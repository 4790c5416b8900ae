// Errors about flow files.
#include "core/viewmodel/known_error_rows.h"

#include <QtGlobal>

#include <array>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

using C = ErrorCode;

constexpr std::array known{
    KnownError{C::PermissionDenied,
               "flow_folder"_L1,
               {},
               QT_TRANSLATE_NOOP("Describe",
                                 "%1 is not a flow file of this project or of yours. Those are in the folder "
                                 "“flows” and end with .flow.yaml.")},
    KnownError{
        C::InvalidArgument,
        "flow_name"_L1,
        {},
        QT_TRANSLATE_NOOP("Describe",
                          "%1 is no name for a flow file: letters, digits, “_” and “-”, and .flow.yaml at "
                          "the end.")},
    KnownError{C::Unsupported,
               "steps_in_line"_L1,
               {},
               QT_TRANSLATE_NOOP("Describe",
                                 "The steps of %1 are written between brackets, so no step can be "
                                 "inserted. Write them as a list, one “- id: …” below the other.")},
    KnownError{
        C::AlreadyExists,
        "flow"_L1,
        {},
        QT_TRANSLATE_NOOP("Describe", "There is a flow %1 in this project already. Choose another name.")},
    KnownError{C::Conflict,
               {},
               "flow_changed"_L1,
               QT_TRANSLATE_NOOP("Describe", "The file was changed by another program meanwhile.")},
    KnownError{
        C::InvalidArgument,
        {},
        "flow_problems"_L1,
        QT_TRANSLATE_NOOP(
            "Describe",
            "The flow has mistakes, the first at %2. “muster flow check” with its name tells all of them.")},
};

} // namespace

const char *flowErrorText(const Error &error) { return textIn(known, error); }

} // namespace muster
