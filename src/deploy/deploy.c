#include "deploy.h"

#include "deployment.h"

Outcome *
deploy_one(const DeployContext *context, Plugin *plugin, Snapshot *snapshot)
{
  Deployment *d = deployment_new(context, plugin);
  d->snapshot = snapshot;
  if (deploy_plan(d))
    deploy_apply(d);
  return deployment_end(d);
}
