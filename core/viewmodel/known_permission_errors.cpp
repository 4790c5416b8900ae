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
          "permission_rule"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe", "“%1” cannot be a rule: it is empty, too long, has invisible characters, or is of "
                          "a kind that only answers make rules of. Nothing was changed; write it again.")},
    Known{C::InvalidArgument,
          "permission_command"_L1,
          {},
          QT_TRANSLATE_NOOP(
              "Describe",
              "“%1” would never allow anything: a rule with “*” allows one plain command, which begins with "
              "its program. Make a rule for each command, or leave out “*” to allow exactly this line.")},
    Known{C::AlreadyExists,
          "permission_rule"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is this very rule already (%1), so nothing was changed. Change "
                            "that one, or write another.")},
    Known{C::NotFound,
          "permission_project"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "No project %1 is known, so nothing was changed. Open it first, or choose "
                            "another.")},
    Known{C::NotFound,
          "permission_rules"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe",
                            "There is no rule %1, so nothing was changed; it may have been revoked "
                            "meanwhile. Look at the list again.")},
    Known{
        C::PermissionDenied, "agent_start"_L1, "options"_L1,
        QT_TRANSLATE_NOOP(
            "Describe",
            "An agent cannot answer for its person: start the flow without approve, trust and unattended.")},
    Known{C::PermissionDenied, "agent_start"_L1, "file"_L1,
          QT_TRANSLATE_NOOP("Describe", "An agent starts flows by their names only: list_flows tells them.")},
    Known{C::PermissionDenied, "agent_start"_L1, "project"_L1,
          QT_TRANSLATE_NOOP("Describe", "An agent may start flows in its own project only, and where it has "
                                        "none in one that Muster knows: list_projects tells them.")},
    Known{C::PermissionDenied, "agent_start"_L1, "nested"_L1,
          QT_TRANSLATE_NOOP("Describe", "A run that an agent has started may not start another one.")},
    Known{C::PermissionDenied, "agent_start"_L1, "unattended"_L1,
          QT_TRANSLATE_NOOP("Describe", "Nobody is here to be asked, and no rule allows to start this. Ask "
                                        "for it where a person answers.")},
    Known{C::PermissionDenied, "agent_start"_L1, "rule"_L1,
          QT_TRANSLATE_NOOP("Describe", "A rule of this project forbids to start this.")},
    Known{
        C::PermissionDenied, "agent_start"_L1, "secret"_L1,
        QT_TRANSLATE_NOOP(
            "Describe", "There is a key among the inputs. Leave it out: agents get their keys from Muster.")},
    Known{C::PermissionDenied,
          "agent_start_no"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "The person has said no to this. %1")},
    Known{C::Conflict,
          "agent_start"_L1,
          {},
          QT_TRANSLATE_NOOP("Describe", "This is being started already. Ask again in a moment.")},
    Known{C::PermissionDenied,
          {},
          "agent"_L1,
          QT_TRANSLATE_NOOP(
              "Describe",
              "This command came from within an agent's or a step's own processes. Those may read, "
              "but never answer, start, configure or trust. Run it in a terminal of yours.")},
};

} // namespace

std::span<const KnownError> knownPermissionErrors() { return known; }

} // namespace muster
