import { describeModel } from '../../../../test/contract/model.ts';
import { createTreesModel } from './model.ts';

describeModel(createTreesModel({ name: 'trees', level: 4 }), { auroc: 0.85 });
