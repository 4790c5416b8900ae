// PauseBanner: says over the composer that the node can store nothing right now
// (api::NodeStatus::pausedReason), what that means for what is written here, and what to do. Hidden while all
// is well. GUI thread.
#pragma once

#include "ui/widgets/notice_banner.h"

namespace muster {

class PauseBanner final : public NoticeBanner {
    Q_OBJECT

public:
    using NoticeBanner::NoticeBanner;

    void setReason(const QString &reason); // empty: all is well
};

} // namespace muster
