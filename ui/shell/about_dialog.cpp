#include "ui/shell/about_dialog.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QCoreApplication>
#include <QMessageBox>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct About {
    Q_DECLARE_TR_FUNCTIONS(About)
};

} // namespace

void showAbout(QWidget *window, const api::NodeStatus &status)
{
    auto *box = new QMessageBox(window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setModal(false);
    box->setWindowTitle(About::tr("About Muster"));
    box->setIconPixmap(signPixmap(u"muster"_s, metrics::units(12), window->devicePixelRatioF()));
    box->setTextFormat(Qt::PlainText);
    box->setText(About::tr("Muster %1").arg(QLatin1StringView(MUSTER_VERSION)));
    QString details = About::tr("A workspace in which one person runs, watches and governs many agents.\n\n"
                                "Free software under the GNU General Public License, version 3 or later.");
    if (!status.home.isEmpty()) {
        details += u"\n\n" % About::tr("Node %1, process %2\nKept in %3")
                                 .arg(status.version, QString::number(status.pid), status.home);
    }
    box->setInformativeText(details);
    box->setStandardButtons(QMessageBox::Close);
    box->show();
}

} // namespace muster
