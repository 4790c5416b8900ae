// Running again from an earlier run: what is to be done anew, and why. Texts are stored and on the wire;
// never change a published one. Source: spec "flows", After a crash, and re-run.
#pragma once

#include "core/base/enum_names.h"

#include <cstdint>

namespace muster {

enum class RerunMode : std::uint8_t {
    Whole,  // every step
    From,   // one step and all that needs it
    Failed, // what has no good end, and all that needs it
    Skip,   // as if one step that failed had been skipped
    Edited, // with another definition: what changed in it, and all that needs it
};

template <> struct EnumNames<RerunMode> {
    static constexpr std::array table{
        std::pair{RerunMode::Whole, "whole"}, std::pair{RerunMode::From, "from"},
        std::pair{RerunMode::Failed, "failed"}, std::pair{RerunMode::Skip, "skip"},
        std::pair{RerunMode::Edited, "edited"}};
};

enum class RedoReason : std::uint8_t {
    Asked,
    Needs, // it needs a step that is done anew, or that is skipped now
    Failed,
    Unfinished, // cancelled, or never ended
    Rejected,   // an approval that was not given
    Changed,
    Added,
    Finally, // those of `finally` always
};

template <> struct EnumNames<RedoReason> {
    static constexpr std::array table{
        std::pair{RedoReason::Asked, "asked"},       std::pair{RedoReason::Needs, "needs"},
        std::pair{RedoReason::Failed, "failed"},     std::pair{RedoReason::Unfinished, "unfinished"},
        std::pair{RedoReason::Rejected, "rejected"}, std::pair{RedoReason::Changed, "changed"},
        std::pair{RedoReason::Added, "added"},       std::pair{RedoReason::Finally, "finally"}};
};

// Why a run is not run again so; Error::where has its name.
enum class RerunRefusal : std::uint8_t {
    UnknownStep, // detail: the step
    StepInLoop,  // detail: LOOP/STEP
    DidNotFail,  // detail: the step
    NothingToRedo,
    Alive,      // the run is still under way
    BranchGone, // detail: the branch on which kept work is
    Unreadable, // what is stored of the run cannot be read: only all of it can be done anew
};

template <> struct EnumNames<RerunRefusal> {
    static constexpr std::array table{std::pair{RerunRefusal::UnknownStep, "rerun_unknown_step"},
                                      std::pair{RerunRefusal::StepInLoop, "rerun_step_in_loop"},
                                      std::pair{RerunRefusal::DidNotFail, "rerun_did_not_fail"},
                                      std::pair{RerunRefusal::NothingToRedo, "rerun_nothing_to_redo"},
                                      std::pair{RerunRefusal::Alive, "rerun_alive"},
                                      std::pair{RerunRefusal::BranchGone, "rerun_branch_gone"},
                                      std::pair{RerunRefusal::Unreadable, "rerun_unreadable"}};
};

} // namespace muster
