#include "core/viewmodel/describe.h"

#include <QCoreApplication>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

} // namespace

QString describe(FailureReason reason)
{
    switch (reason) {
    case FailureReason::TurnLimitExceeded:
        return Describe::tr("Used up its agent steps");
    case FailureReason::BudgetExceeded:
        return Describe::tr("Reached its budget");
    case FailureReason::DeadlineExceeded:
        return Describe::tr("Took too long");
    case FailureReason::Stalled:
        return Describe::tr("Stopped giving signs of life");
    case FailureReason::LeaseExpired:
        return Describe::tr("Its lease ran out");
    case FailureReason::Aborted:
        return Describe::tr("Was stopped");
    case FailureReason::LaunchFailed:
        return Describe::tr("Could not be started");
    case FailureReason::AuthRequired:
        return Describe::tr("Needs you to sign in");
    case FailureReason::RateLimited:
        return Describe::tr("Rate limited by the provider");
    case FailureReason::ModelUnavailable:
        return Describe::tr("The model is not available");
    case FailureReason::PermissionDenied:
        return Describe::tr("Permission was denied");
    case FailureReason::GateFailed:
        return Describe::tr("A check did not pass");
    case FailureReason::DependencyFailed:
        return Describe::tr("A step it needs failed");
    case FailureReason::ProtocolError:
        return Describe::tr("Its messages could not be understood");
    case FailureReason::RuntimeError:
        return Describe::tr("Ended with an error");
    case FailureReason::Crashed:
        return Describe::tr("Crashed");
    case FailureReason::Unkillable:
        return Describe::tr("Could not be ended");
    case FailureReason::Conflict:
        return Describe::tr("Its changes conflict");
    case FailureReason::TargetMoved:
        return Describe::tr("The branch kept moving");
    case FailureReason::GateTimeout:
        return Describe::tr("A check took too long");
    case FailureReason::Unknown:
        return Describe::tr("Ended for an unknown reason");
    }
    return {};
}

QString describe(FailureReason reason, const QString &detail)
{
    if (reason == FailureReason::Crashed && detail == "node_died"_L1)
        return Describe::tr("Muster's background process died");
    if (reason == FailureReason::Aborted && detail == "node_stopped"_L1)
        return Describe::tr("Muster was ended");
    return describe(reason);
}

QString adviceFor(FailureReason reason)
{
    switch (reason) {
    case FailureReason::TurnLimitExceeded:
        return Describe::tr("Raise max_turns or give it a smaller task.");
    case FailureReason::BudgetExceeded:
        return Describe::tr("Raise the budget or give it less to read.");
    case FailureReason::DeadlineExceeded:
        return Describe::tr("Raise the time limit or split the step.");
    case FailureReason::Stalled:
        return Describe::tr("Try again; if it happens often, look at the timeline around it.");
    case FailureReason::LaunchFailed:
        return Describe::tr("Run “muster doctor” to see what is missing.");
    case FailureReason::AuthRequired:
        return Describe::tr("Sign in with the agent's own program, then try again.");
    case FailureReason::RateLimited:
        return Describe::tr("Wait until the limit resets, or use another runtime.");
    case FailureReason::PermissionDenied:
        return Describe::tr("Answer in the inbox, or widen the flow's permissions.");
    case FailureReason::DependencyFailed:
        return Describe::tr("Look at the step that failed first.");
    case FailureReason::Unkillable:
        return Describe::tr("End its processes by hand, or restart the machine, before you try again.");
    case FailureReason::Conflict:
        return Describe::tr("Merge by hand, or have the changes made on what is there now.");
    case FailureReason::TargetMoved:
        return Describe::tr("Try again when nobody else merges there.");
    case FailureReason::GateTimeout:
        return Describe::tr("Give the gate more time, or a smaller check.");
    default:
        return {};
    }
}

} // namespace muster
