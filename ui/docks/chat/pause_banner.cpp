#include "ui/docks/chat/pause_banner.h"

#include "core/viewmodel/describe.h"

using namespace Qt::StringLiterals;

namespace muster {

void PauseBanner::setReason(const QString &reason)
{
    const QString said =
        reason.isEmpty()
            ? QString()
            : tr("%1 What you write stays here until it can be sent.").arg(describePause(reason));
    setNotice(said, {u"warning"_s, &ThemeColors::failed});
}

} // namespace muster
